using System.Globalization;

namespace Dash.Rpc.Methods;

/// <summary>
/// Which arguments <c>dash-cli</c> passes on as JSON: all others are texts. One line a method: its name, then position and
/// name of each such argument. A position counts the second word of a sub-command's name. A question mark means: only if
/// it looks like an array or an object.
/// </summary>
internal static class ConversionFacts
{
    private const string Lines = """
        addconnection = 2:v2transport
        addmultisigaddress = 0:nrequired 1:keys
        addnode = 2:v2transport
        addpeeraddress = 1:port 2:tried
        bls fromsecret = 2:legacy
        bls generate = 1:legacy
        coinjoinsalt generate = 1:overwrite
        coinjoinsalt set = 2:overwrite
        combinepsbt = 0:txs
        combinerawtransaction = 0:txs
        consolidatecoins = 0:max_amount 2:options
        converttopsbt = 1:permitsigdata
        createmultisig = 0:nrequired 1:keys
        createpsbt = 0:inputs 1:outputs 2:locktime
        createrawtransaction = 0:inputs 1:outputs 2:locktime
        createwallet = 1:disable_private_keys 2:blank 4:avoid_reuse 5:descriptors 6:load_on_startup 7:external_signer
        deriveaddresses = 1:range
        disconnectnode = 1:nodeid
        echojson = 0:arg0 1:arg1 2:arg2 3:arg3 4:arg4 5:arg5 6:arg6 7:arg7 8:arg8 9:arg9
        estimaterawfee = 0:conf_target 1:threshold
        estimatesmartfee = 0:conf_target
        finalizepsbt = 1:extract
        fundrawtransaction = 1:options
        generateblock = 1:transactions
        generatetoaddress = 0:nblocks 2:maxtries
        generatetodescriptor = 0:num_blocks 2:maxtries
        getaddressbalance = 0:addresses
        getaddressdeltas = 0:addresses
        getaddressmempool = 0:addresses
        getaddresstxids = 0:addresses
        getaddressutxos = 0:addresses
        getassetunlockstatuses = 0:indexes 1:height
        getbalance = 1:minconf 2:addlocked 3:include_watchonly 4:avoid_reuse
        getblock = 1:verbose 1:verbosity
        getblockfrompeer = 1:peer_id
        getblockhash = 0:height
        getblockhashes = 0:high 1:low
        getblockheader = 1:verbose
        getblockheaders = 1:count 2:verbose
        getblockstats = 0:hash_or_height 1:stats
        getblocktemplate = 0:template_request
        getchaintips = 0:count 1:branchlen
        getchaintxstats = 0:nblocks
        getislocks = 0:txids
        getmempoolancestors = 1:verbose
        getmempooldescendants = 1:verbose
        getmerkleblocks = 2:count
        getnetworkhashps = 0:nblocks 1:height
        getnodeaddresses = 0:count
        getrawmempool = 0:verbose 1:mempool_sequence
        getrawtransaction = 1:verbose
        getrawtransactionmulti = 0:transactions 1:verbose
        getreceivedbyaddress = 1:minconf 2:addlocked 3:include_immature_coinbase
        getreceivedbylabel = 1:minconf 2:addlocked 3:include_immature_coinbase
        getspecialtxes = 1:type 2:count 3:skip 4:verbosity
        getspentinfo = 0:request
        getsuperblockbudget = 0:index
        gettransaction = 1:include_watchonly 2:verbose
        gettxchainlocks = 0:txids
        gettxout = 1:n 2:include_mempool
        gettxoutproof = 0:txids
        gettxoutsetinfo = 1:hash_or_height 2:use_index
        gettxspendingprevout = 0:outputs
        gobject list-prepared = 1:count
        gobject prepare = 2:revision 3:time 7:outputIndex
        gobject submit = 2:revision 3:time
        importaddress = 2:rescan 3:p2sh
        importdescriptors = 0:requests
        importelectrumwallet = 1:index
        importmulti = 0:requests 1:options
        importprivkey = 2:rescan
        importpubkey = 2:rescan
        joinpsbts = 0:txs
        keypoolrefill = 0:newsize
        listaddressbalances = 0:minamount
        listdescriptors = 0:private
        listhistory = 0:cursor 1:count 3:options
        listreceivedbyaddress = 0:minconf 1:addlocked 2:include_empty 3:include_watchonly 5:include_immature_coinbase
        listreceivedbylabel = 0:minconf 1:addlocked 2:include_empty 3:include_watchonly 4:include_immature_coinbase
        listsinceblock = 1:target_confirmations 2:include_watchonly 3:include_removed
        listtransactions = 1:count 2:skip 3:include_watchonly
        listunspent = 0:minconf 1:maxconf 2:addresses 3:include_unsafe 4:query_options
        loadwallet = 1:load_on_startup
        lockunspent = 0:unlock 1:transactions 2:persistent
        logging = 0:include 1:exclude
        masternode connect = 2:v2transport
        masternode payments = 2:count
        masternode winners = 1:count
        mnauth = 0:nodeId
        mockscheduler = 0:delta_time
        prioritisetransaction = 1:fee_delta
        protx diff = 3:extended
        protx list = 2:detailed 3:height
        protx register = 2:collateralIndex 3:coreP2PAddrs? 10:submit
        protx register_evo = 2:collateralIndex 3:coreP2PAddrs? 10:platformP2PAddrs? 11:platformHTTPSAddrs? 13:submit
        protx register_fund = 2:coreP2PAddrs? 9:submit
        protx register_fund_evo = 2:coreP2PAddrs? 9:platformP2PAddrs? 10:platformHTTPSAddrs? 12:submit
        protx register_fund_legacy = 2:coreP2PAddrs? 9:submit
        protx register_legacy = 2:collateralIndex 3:coreP2PAddrs? 10:submit
        protx register_prepare = 2:collateralIndex 3:coreP2PAddrs?
        protx register_prepare_evo = 2:collateralIndex 3:coreP2PAddrs? 10:platformP2PAddrs? 11:platformHTTPSAddrs?
        protx register_prepare_legacy = 2:collateralIndex 3:coreP2PAddrs?
        protx revoke = 3:reason 5:submit
        protx update_registrar = 6:submit
        protx update_registrar_legacy = 6:submit
        protx update_service = 2:coreP2PAddrs? 6:submit
        protx update_service_evo = 2:coreP2PAddrs? 5:platformP2PAddrs? 6:platformHTTPSAddrs? 9:submit
        pruneblockchain = 0:height
        quorum dkgsimerror = 2:rate
        quorum dkgstatus = 1:detail_level
        quorum getdata = 1:nodeId 2:llmqType 4:dataMask
        quorum getrecsig = 1:llmqType
        quorum hasrecsig = 1:llmqType
        quorum info = 1:llmqType 3:includeSkShare
        quorum isconflicting = 1:llmqType
        quorum list = 1:count
        quorum listextended = 1:height
        quorum memberof = 2:scanQuorumsCount
        quorum platformsign = 4:submit
        quorum rotationinfo = 2:extraShare 3:baseBlockHashes
        quorum selectquorum = 1:llmqType
        quorum sign = 1:llmqType 5:submit
        quorum verify = 1:llmqType 6:signHeight
        reconsiderblock = 1:ignore_chainlocks
        rescanblockchain = 0:start_height 1:stop_height
        restorewallet = 2:load_on_startup
        scantxoutset = 1:scanobjects
        send = 0:outputs 1:conf_target 3:fee_rate 4:options
        sendmany = 1:amounts 2:minconf 3:addlocked 5:subtractfeefrom 6:use_is 7:use_cj 8:conf_target 10:fee_rate 11:verbose
        sendmsgtopeer = 0:peer_id
        sendrawtransaction = 1:maxfeerate 2:instantsend 3:bypasslimits
        sendtoaddress = 1:amount 4:subtractfeefromamount 5:use_is 6:use_cj 7:conf_target 9:avoid_reuse 10:fee_rate 11:verbose
        setban = 2:bantime 3:absolute
        setcoinjoinamount = 0:amount
        setcoinjoinrounds = 0:rounds
        sethdseed = 0:newkeypool
        setmnthreadactive = 0:state
        setmocktime = 0:timestamp
        setnetworkactive = 0:state
        settxfee = 0:amount
        setwalletflag = 1:value
        signrawtransactionwithkey = 1:privkeys 2:prevtxs
        signrawtransactionwithwallet = 1:prevtxs
        simulaterawtransaction = 0:rawtxs 1:options
        sporkupdate = 1:value
        stop = 0:wait
        submitchainlock = 2:blockHeight
        submitpackage = 0:package
        testmempoolaccept = 0:rawtxs 1:maxfeerate
        unloadwallet = 1:load_on_startup
        upgradetohd = 3:rescan
        upgradewallet = 0:version
        utxoupdatepsbt = 1:descriptors
        verifychain = 0:checklevel 1:nblocks
        verifychainlock = 2:blockHeight
        verifyislock = 3:maxHeight
        voteraw = 1:mn-collateral-tx-index 5:time
        waitforblock = 1:timeout
        waitforblockheight = 0:height 1:timeout
        waitfornewblock = 0:timeout
        walletcreatefundedpsbt = 0:inputs 1:outputs 2:locktime 3:options 4:bip32derivs
        walletpassphrase = 1:timeout 2:mixingonly
        walletprocesspsbt = 1:sign 3:bip32derivs 4:finalize
        wipewallettxes = 0:keep_confirmed
        """;

    // The same of methods that dashd has not.
    private const string MoreLines = """
        abortwalletjob = 0:id
        startwalletjob = 1:start_height 2:stop_height 3:requests
        waitforwalletevent = 0:since 1:timeout 2:count
        """;

    private static readonly List<(string Method, int Position, string Name)> KnownRows = [];
    private static readonly Dictionary<(string Method, int Position), bool> ByPosition = [];
    private static readonly Dictionary<(string Method, string Name), bool> ByName = [];
    private static readonly HashSet<string> Methods = new(StringComparer.Ordinal);

    static ConversionFacts()
    {
        foreach (var line in Lines.Split('\n'))
        {
            Add(line, KnownRows);
        }

        foreach (var line in MoreLines.Split('\n'))
        {
            Add(line, rows: null);
        }
    }

    /// <summary>Each such argument of dashd's methods.</summary>
    public static IReadOnlyList<(string Method, int Position, string Name)> Rows => KnownRows;

    /// <summary>True if some argument of the method is JSON.</summary>
    public static bool Knows(string method) => Methods.Contains(method);

    /// <summary>Null: a text. False: JSON. True: JSON if it looks so.</summary>
    public static bool? Find(string method, int position) =>
        ByPosition.TryGetValue((method, position), out var isMaybe) ? isMaybe : null;

    /// <summary>Null: a text. False: JSON. True: JSON if it looks so.</summary>
    public static bool? Find(string method, string name) =>
        ByName.TryGetValue((method, name), out var isMaybe) ? isMaybe : null;

    private static void Add(string line, List<(string Method, int Position, string Name)>? rows)
    {
        var sides = line.Split(" = ");
        Methods.Add(sides[0]);
        foreach (var entry in sides[1].Split(' '))
        {
            var isMaybe = entry.EndsWith('?');
            var parts = entry.TrimEnd('?').Split(':');
            var position = int.Parse(parts[0], CultureInfo.InvariantCulture);
            ByPosition.TryAdd((sides[0], position), isMaybe);
            ByName.TryAdd((sides[0], parts[1]), isMaybe);
            rows?.Add((sides[0], position, parts[1]));
        }
    }
}
