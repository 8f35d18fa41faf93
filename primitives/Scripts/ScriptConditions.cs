namespace Dash.Primitives.Scripts;

/// <summary>
/// The nest of IF, ELSE and ENDIF a script is in. Only two questions are asked of it, whether it is empty and whether
/// every branch is taken, so a depth and the place of the first branch not taken are enough.
/// </summary>
internal struct ScriptConditions
{
    private int _depth;
    private int _firstNotTaken; // 1-based; 0 when all are taken

    public readonly bool IsEmpty => _depth == 0;

    public readonly bool AllTaken => _firstNotTaken == 0;

    public void Enter(bool isTaken)
    {
        _depth++;
        if (!isTaken && _firstNotTaken == 0)
        {
            _firstNotTaken = _depth;
        }
    }

    public void Leave()
    {
        if (_firstNotTaken == _depth)
        {
            _firstNotTaken = 0;
        }

        _depth--;
    }

    /// <summary>ELSE: turns the innermost branch around. Inside a branch not taken that makes no difference.</summary>
    public void Turn()
    {
        if (_firstNotTaken == 0)
        {
            _firstNotTaken = _depth;
        }
        else if (_firstNotTaken == _depth)
        {
            _firstNotTaken = 0;
        }
    }
}
