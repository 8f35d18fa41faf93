using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Messages;
using Dash.Ipc.Multiprocess;

namespace Dash.Ipc.Tests.Support;

/// <summary>What a peer may say, in the order it pleases, and then spoiled a little.</summary>
internal static class RandomSession
{
    private const int Kinds = 9;

    /// <summary>A few frames back to back; some bytes of them may be changed, or the end cut off.</summary>
    internal static byte[] Next(Random random)
    {
        List<byte> bytes = [];
        for (var frames = random.Next(1, 8); frames > 0; frames--)
        {
            using MessageBuilder message = new(random.Next(3) == 0 ? random.Next(1, 12) : 64);
            Fill(message.InitRoot<Message.Builder>(), random);
            bytes.AddRange(message.ToFrame());
        }

        var spoiled = bytes.ToArray();
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            spoiled[random.Next(spoiled.Length)] ^= (byte)(1 << random.Next(8));
        }

        return random.Next(8) == 0 ? spoiled[..random.Next(spoiled.Length)] : spoiled;
    }

    private static void Fill(Message.Builder message, Random random)
    {
        switch (random.Next(Kinds))
        {
            case 0:
                message.InitBootstrap().QuestionId = Small(random);
                break;
            case 1:
                var finish = message.InitFinish();
                finish.QuestionId = Small(random);
                finish.ReleaseResultCaps = random.Next(2) == 0;
                break;
            case 2:
                var release = message.InitRelease();
                release.Id = Small(random);
                release.ReferenceCount = Small(random);
                break;
            case 3:
                var resolve = message.InitResolve();
                resolve.PromiseId = Small(random);
                Fill(resolve.InitCap(), random);
                break;
            case 4:
                var disembargo = message.InitDisembargo();
                Fill(disembargo.InitTarget(), random);
                var context = disembargo.Context;
                if (random.Next(2) == 0)
                {
                    context.SenderLoopback = Small(random);
                }
                else
                {
                    context.ReceiverLoopback = Small(random);
                }

                break;
            case 5:
                var answer = message.InitReturn();
                answer.AnswerId = Small(random);
                answer.TakeFromOtherQuestion = Small(random);
                break;
            default:
                Fill(message.InitCall(), random);
                break;
        }
    }

    private static void Fill(Call.Builder call, Random random)
    {
        call.QuestionId = Small(random);
        (call.InterfaceId, call.MethodId) = random.Next(4) switch
        {
            0 => (ProxySchema.InitInterface, ProxySchema.Construct),
            1 => (ProxySchema.ThreadMapInterface, (ushort)random.Next(2)),
            2 => (TesterMethods.Interface, TesterMethods.Quick.MethodId),
            _ => (TesterMethods.Interface, (ushort)random.Next(10)),
        };
        Fill(call.InitTarget(), random);
        if (random.Next(6) == 0)
        {
            var way = call.SendResultsTo;
            way.SetYourself();
        }

        var payload = call.InitParams();
        var parameters = payload.Content.InitStruct(2, 2);
        parameters.SetUInt32(0, Small(random));
        var table = payload.InitCapTable(random.Next(4));
        for (var i = 0; i < table.Count; i++)
        {
            Fill(table[i], random);
        }

        switch (random.Next(3))
        {
            case 0: // a context that names threads out of the table
                var context = parameters.GetPointer(0).InitStruct(0, 2);
                for (var i = 0; i < 2; i++)
                {
                    context.GetPointer(i).SetCapability(new Placeholder());
                }

                parameters.GetPointer(1).SetCapability(new Placeholder());
                break;
            case 1:
                parameters.GetPointer(0).SetText("name");
                parameters.GetPointer(1).SetText("bug");
                break;
            default:
                break;
        }
    }

    private static void Fill(CapDescriptor.Builder descriptor, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                descriptor.SenderHosted = Small(random);
                break;
            case 1:
                descriptor.SenderPromise = Small(random);
                break;
            case 2:
                descriptor.ReceiverHosted = Small(random);
                break;
            case 3:
                Fill(descriptor.InitReceiverAnswer(), random);
                break;
            default:
                break;
        }
    }

    private static void Fill(MessageTarget.Builder target, Random random)
    {
        if (random.Next(3) > 0)
        {
            target.ImportedCap = Small(random);
        }
        else
        {
            Fill(target.InitPromisedAnswer(), random);
        }
    }

    private static void Fill(PromisedAnswer.Builder answer, Random random)
    {
        answer.QuestionId = Small(random);
        var transform = answer.InitTransform(random.Next(3));
        for (var i = 0; i < transform.Count; i++)
        {
            var operation = transform[i];
            operation.GetPointerField = (ushort)random.Next(3);
        }
    }

    // Mostly numbers that mean something.
    private static uint Small(Random random) => (uint)(random.Next(3) > 0 ? random.Next(2) : random.Next(6));

    private sealed class Placeholder : Ipc.Layout.CapabilityHandle;
}
