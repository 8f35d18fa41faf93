using Dash.Primitives.Scripts;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>Takes descriptors into a wallet. What they were paid in the past a rescan finds.</summary>
internal static class DescriptorImports
{
    /// <summary>Takes descriptors in, each by itself; one that is refused changes nothing.</summary>
    /// <param name="wallet">The wallet, unlocked.</param>
    /// <param name="descriptors">The descriptors; null for one that is to be skipped.</param>
    /// <param name="plan">
    /// Given why each was refused (null: it was not), the search for what they were paid; null for none. It is stored with them.
    /// </param>
    /// <param name="ct">Withdraws the request as long as it waits.</param>
    /// <returns>The search as it was stored, if there is one.</returns>
    public static Task<WalletJob?> ImportAsync(
        this Wallet wallet,
        IReadOnlyList<NewDescriptor?> descriptors,
        Func<IReadOnlyList<WalletException?>, WalletJob?> plan,
        CancellationToken ct)
    {
        var now = wallet.Clock.UnixSeconds;
        return wallet.ChangeAsync(
            state =>
            {
                var import = new Import(wallet.Keys, state);
                List<WalletException?> refusals = [.. descriptors.Select(descriptor => descriptor is null ? null : import.TryAdd(descriptor))];
                var job = plan(refusals) is { } planned ? JobRequests.Number(state.Snapshot, planned, now) : null;
                return new Decision<WalletJob?>(import.Build() with { Job = job }, job);
            },
            ct);
    }

    private sealed class Import(KeyRing keys, LedgerState state)
    {
        private readonly LedgerEdit _edit = new(state);
        private readonly List<KeyValuePair<byte[], byte[]?>> _records = [];
        private readonly List<SecretChange> _secrets = [];
        private readonly List<Keychain> _keychains = [.. state.Snapshot.Keychains];
        private int _external = state.Snapshot.ActiveExternal;
        private int _internal = state.Snapshot.ActiveInternal;

        public WalletException? TryAdd(NewDescriptor descriptor)
        {
            try
            {
                Add(descriptor);
                return null;
            }
            catch (WalletException refusal)
            {
                return refusal;
            }
        }

        public ChangeSet Build()
        {
            if (_keychains.Count > state.Snapshot.Keychains.Length || _records.Count > 0 || !_edit.IsUntouched)
            {
                _edit.AdoptScripts();
            }

            return _edit.Build() with
            {
                Records = _records,
                Secrets = _secrets,
                ActiveExternal = _external == state.Snapshot.ActiveExternal ? null : _external,
                ActiveInternal = _internal == state.Snapshot.ActiveInternal ? null : _internal,
            };
        }

        private void Add(NewDescriptor added)
        {
            var place = _keychains.FindIndex(keychain => keychain.Id == added.Descriptor.Id);
            var before = place < 0 ? null : _edit.KeychainAt(place);
            RequireWider(before, added);
            var fresh = before ?? Keychain.Create(added.Descriptor, added.Keys, added.CreationTime);
            var end = added.Descriptor.IsRange
                ? Math.Max(added.NextIndex + state.Snapshot.Settings.KeypoolSize, added.RangeEnd)
                : 1;
            var keychain = fresh.WithRange(added.RangeStart, end, added.NextIndex, added.CreationTime, added.Keys)
                ?? throw new WalletException(WalletError.Wallet, $"Could not add descriptor '{added.Descriptor}'");

            List<(KeyValuePair<byte[], byte[]?> Record, SecretChange Change)> secrets =
            [
                .. added.Keys.Keys.Values.Where(key => !state.HasSecret(keychain.Id, key.PublicKey))
                    .Select(key => SecretRecords.Of(keys, state.Snapshot.IsEncrypted, keychain.Id, key, SecretWords.None)),
            ];

            // Nothing is refused from here on.
            _records.AddRange(secrets.Select(static secret => secret.Record));
            _secrets.AddRange(secrets.Select(static secret => secret.Change));
            if (before is null)
            {
                place = _keychains.Count;
                _keychains.Add(keychain);
                state.Snapshot.Scripts.Add(place, keychain, keychain.RangeStart, keychain.RangeEnd);
            }
            else
            {
                state.Snapshot.Scripts.Add(place, keychain, keychain.RangeStart, before.RangeStart);
                state.Snapshot.Scripts.Add(place, keychain, before.RangeEnd, keychain.RangeEnd);
            }

            _edit.Put(place, keychain);
            Label(added, keychain);
            Activate(added, place);
        }

        private static void RequireWider(Keychain? before, NewDescriptor added)
        {
            if (before is not null && (added.RangeStart > before.RangeStart || added.RangeEnd < before.RangeEnd))
            {
                throw new WalletException(
                    WalletError.InvalidParameter,
                    $"new range must include current range = [{before.RangeStart},{before.RangeEnd - 1}]");
            }
        }

        // Of the several scripts of one key the shortest counts: that is the one Core finds first.
        private void Label(NewDescriptor added, Keychain keychain)
        {
            if (added.Descriptor.IsRange || added.IsInternal)
            {
                return;
            }

            var script = keychain.ScriptsAt(0).MinBy(static script => script.Length) ?? Script.Empty;
            if (state.Snapshot.AddressOf(script) is { } address)
            {
                _edit.Label(address, added.Label, "receive");
            }
        }

        private void Activate(NewDescriptor added, int place)
        {
            if (!added.Descriptor.HasOutputType)
            {
                return;
            }

            if (added.IsActive)
            {
                (_external, _internal) = added.IsInternal
                    ? (_external == place ? -1 : _external, place)
                    : (place, _internal == place ? -1 : _internal);
            }
            else if (added.IsInternal)
            {
                _internal = _internal == place ? -1 : _internal;
            }
            else
            {
                _external = _external == place ? -1 : _external;
            }
        }
    }
}
