using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Dash.RpcTests;

/// <summary>Holds the plan of the house: who may reference whom, and which folder may use which.</summary>
public partial class ArchitectureTests
{
    private static readonly string Root = FindRoot();

    // Folder, file, what it references, and its folders in order: a file may use folders before its own.
    private static readonly Project[] Projects =
    [
        new("primitives", "Dash.Primitives", [],
            ["Hashing", "Encoding", "Units", "Keys", "Scripts", "Transactions", "Blocks", "Evo", "Addresses", "Descriptors", "Psbt", "Networks"]),
        new("common", "Dash.Common", [], ["Time", "Storage", "Concurrency", "Logging", "Options", "Hosting", "Zmq"]),
        new("ipc/runtime", "Dash.Ipc", [], ["Layout", "Messages", "Transports", "Capabilities", "Connections", "Multiprocess"]),
        new("ipc/generator", "capnpc-csharp", ["Dash.Ipc"], ["Schema", "Emit"]) { Namespace = "Dash.Ipc.Generator", RootFiles = ["Program", "GeneratorException"] },
        new("ipc/interfaces", "Dash.Ipc.Interfaces", ["Dash.Primitives", "Dash.Ipc"], ["Types", "Generated", "Answers"]),
        new("rpc", "Dash.Rpc", ["Dash.Primitives", "Dash.Common"], ["Protocol", "Methods", "Dispatch", "Control", "Http", "Client"]),
        new("wallet-server", "dash-wallet", ["Dash.Primitives", "Dash.Common", "Dash.Rpc", "Dash.Ipc", "Dash.Ipc.Interfaces"],
            ["Keys", "Ledger", "Storage", "Spending", "Wallets", "NodeLink", "CoinJoin", "Rpc", "Tool"])
            { Namespace = "Dash.WalletServer", RootFiles = ["Program", "WalletDaemon", "WalletOptions"] },
        new("node", "dash-node", ["Dash.Primitives", "Dash.Common", "Dash.Rpc", "Dash.Ipc", "Dash.Ipc.Interfaces"],
            ["Consensus", "Storage", "Masternodes", "Quorums", "Chain", "Mempool", "Locks", "Governance", "Mining", "Net", "Indexes", "Services", "Rpc"])
            { Namespace = "Dash.Node", RootFiles = ["Program", "NodeDaemon", "NodeOptions", "WalletOptionNames"] },
        new("cli", "dash-cli", ["Dash.Common", "Dash.Rpc", "Dash.Ipc", "Dash.Ipc.Interfaces"], ["Settings", "Output", "Connection", "Commands"])
            { Namespace = "Dash.Cli", RootFiles = ["Program", "CliProgram", "CliTerminal"] },
        new("rpc-tests", "Dash.RpcTests", ["dash-wallet", "dash-node", "dash-cli"], []) { IsTest = true },
        new("functional", "Dash.Functional", ["Dash.Primitives", "Dash.Common", "Dash.Rpc"], []) { IsTest = true },
    ];

    public static TheoryData<string> Folders => [.. Projects.Select(project => project.Folder)];

    public static TheoryData<string> FoldersOfCode => [.. Projects.Where(project => !project.IsTest).Select(project => project.Folder)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_project_references_exactly_what_the_plan_allows(string folder)
    {
        var project = Projects.Single(p => p.Folder == folder);
        var file = XDocument.Load(Path.Combine(Root, folder, project.Name + ".csproj"));
        var references = file.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!));
        Assert.Equal(project.References.Order(StringComparer.Ordinal), references.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_project_is_in_the_plan_or_is_the_tests_of_one()
    {
        var found = Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, Path.GetDirectoryName(path)!))
            .Where(path => !path.StartsWith("artifacts", StringComparison.Ordinal) && path is not ("bench" or "gui"));
        var planned = Projects.Select(p => p.Folder).Concat(Projects.Where(p => !p.IsTest && p.Folder != "ipc/generator").Select(p => p.Folder + "/tests"));
        Assert.Empty(found.Except(planned));
    }

    [Theory]
    [MemberData(nameof(FoldersOfCode))]
    public void A_file_is_in_the_namespace_of_its_folder(string folder)
    {
        var project = Projects.Single(p => p.Folder == folder);
        var misplaced =
            from file in project.Files().Where(f => !f.IsGenerated)
            let expected = string.Join('.', file.Folders.Prepend(project.RootNamespace))
            where Namespace().Match(file.Text) is { Success: true } found && found.Groups[1].Value != expected
            select $"{file.Path}: expected namespace {expected}";
        Assert.Empty(misplaced);
    }

    [Theory]
    [MemberData(nameof(FoldersOfCode))]
    public void The_root_of_a_project_holds_only_composition(string folder)
    {
        var project = Projects.Single(p => p.Folder == folder);
        Assert.Empty(project.Files().Where(f => f.Folders.Length == 0).Select(f => f.Name).Except(project.RootFiles));
        Assert.Empty(project.Files().Where(f => f.Folders.Length > 0).Select(f => f.Folders[0]).Distinct().Except(project.Order));
    }

    [Theory]
    [MemberData(nameof(FoldersOfCode))]
    public void A_file_uses_only_folders_before_its_own(string folder)
    {
        var project = Projects.Single(p => p.Folder == folder);
        var uses = new Regex(@"\b" + Regex.Escape(project.RootNamespace) + @"\.(\w+)");
        var upward =
            from file in project.Files()
            where file.Folders.Length > 0
            let own = Array.IndexOf(project.Order, file.Folders[0])
            from line in file.Code
            from use in uses.Matches(line)
            let used = Array.IndexOf(project.Order, use.Groups[1].Value)
            where used > own
            select $"{file.Path}: {line.Trim()} ({project.Order[used]} comes after {project.Order[own]})";
        Assert.Empty(upward);
    }

    [Fact]
    public void Messages_of_the_wire_stay_inside_ipc()
    {
        var leaks =
            from project in Projects.Where(p => !p.IsTest && !p.Folder.StartsWith("ipc/", StringComparison.Ordinal))
            from file in project.Files()
            where file.Text.Contains("using Dash.Ipc", StringComparison.Ordinal)
            from line in file.Code
            where WireType().IsMatch(line)
            select $"{file.Path}: {line.Trim()}";
        Assert.Empty(leaks);
    }

    // For a delegate code is made at run time, which systemd's MemoryDenyWriteExecute forbids.
    [Fact]
    public void What_native_libraries_call_back_is_a_function_and_no_delegate()
    {
        var delegates =
            from project in Projects.Where(static p => !p.IsTest)
            from file in project.Files()
            from line in file.Code
            where line.Contains("GetFunctionPointerForDelegate", StringComparison.Ordinal) || line.Contains("UnmanagedFunctionPointer", StringComparison.Ordinal)
            select $"{file.Path}: {line.Trim()}";
        Assert.Empty(delegates);
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Dash.WalletRpc.sln"))) directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("Dash.WalletRpc.sln is in no folder above the tests.");
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    // StructReader, MessageBuilder, …, and the nested Reader and Builder of generated types (but not channel.Reader).
    [GeneratedRegex(@"\b(Struct|List|Pointer|Message)(Reader|Builder)\b|(?<![\w.])[A-Z]\w*\.(Reader|Builder)\b")]
    private static partial Regex WireType();

    private sealed record Project(string Folder, string Name, string[] References, string[] Order)
    {
        public string? Namespace { get; init; }

        public string[] RootFiles { get; init; } = [];

        public bool IsTest { get; init; }

        public string RootNamespace => Namespace ?? Name;

        public IEnumerable<SourceFile> Files()
        {
            var directory = Path.Combine(Root, Folder);
            return
                from path in Directory.EnumerateFiles(directory, "*.cs", SearchOption.AllDirectories)
                let parts = Path.GetRelativePath(directory, path).Split(Path.DirectorySeparatorChar)
                where parts[0] is not ("tests" or "obj" or "bin")
                select new SourceFile(Path.GetRelativePath(Root, path), parts[..^1], File.ReadAllText(path));
        }
    }

    private sealed record SourceFile(string Path, string[] Folders, string Text)
    {
        public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

        public bool IsGenerated => Folders.Contains("Generated");

        /// <summary>Lines without comments and without the namespace's own.</summary>
        public IEnumerable<string> Code => Text.Split('\n').Where(line =>
            !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("namespace", StringComparison.Ordinal));
    }
}
