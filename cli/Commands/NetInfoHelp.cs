namespace Dash.Cli.Commands;

/// <summary>What -netinfo help says.</summary>
internal static class NetInfoHelp
{
    /// <summary>The text.</summary>
    public const string Text =
        """
        -netinfo level|"help"

        Shows the peers of a node on one page, from getpeerinfo and getnetworkinfo. It is made for people: its form may change.

        Arguments:
        1. level (0 to 4, default 0; more is taken for 4)
             0 - how many peers there are in each network, and the node's own addresses
             1 - and a list of the peers
             2 - with their addresses
             3 - with their versions
             4 - with both
        2. "help" - this text

        Columns of the list:
          <->      in: the peer connected; out: this node did
          type     full (transactions, blocks and addresses), block (blocks only), manual (asked for by the user),
                   feeler (tests an address), addr (asks for addresses)
          net      network: ipv4, ipv6, onion, i2p, cjdns, or npr for addresses that are not reachable from everywhere
          v        version of the transport: 1 in the clear, 2 encrypted
          mping    shortest ping, ms
          ping     last ping, ms
          send     since something was sent, seconds
          recv     since something came, seconds
          txn      since it sent a new transaction that was taken, minutes; * if transactions are not relayed to it
          blk      since it sent a new block, minutes
          hb       compact blocks at once: . we asked it for that, * it asked us
          addrp    addresses of it that were looked at; . if addresses are not exchanged with it
          addrl    addresses of it that came too fast and were dropped
          age      since it is connected, minutes
          asmap    autonomous system, with -asmap
          id       the peer's number
          address  where it is
          version  its protocol version and program

        Examples:
        > dash-cli -netinfo
        > dash-cli -netinfo 4
        > watch --interval 1 --no-title dash-cli -netinfo 4

        """;
}
