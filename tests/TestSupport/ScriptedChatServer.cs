using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Agentic.TestSupport;

/// <summary>A call as the scripted server saw it.</summary>
/// <param name="Number">0-based, in order of arrival.</param>
/// <param name="Path">Path of the request.</param>
/// <param name="Headers">Header lines by lower-case name.</param>
/// <param name="Body">The request's JSON.</param>
public sealed record ChatCall(int Number, string Path, IReadOnlyDictionary<string, string> Headers, JsonObject Body)
{
    /// <summary>Contents of the messages with the given role, in order.</summary>
    public IReadOnlyList<string> Messages(string role) =>
        [.. Body["messages"]!.AsArray().Where(message => (string?)message!["role"] == role).Select(message => message!["content"]?.ToString() ?? "")];
}

/// <summary>An OpenAI-compatible endpoint on loopback that answers what the test tells it to; one call a connection.</summary>
public sealed class ScriptedChatServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ChatCall, ChatReply> _script;
    private readonly List<ChatCall> _calls = [];
    private readonly Task _serving;

    /// <summary>Starts to listen.</summary>
    /// <param name="script">The reply to each call; called by several threads when calls overlap.</param>
    public ScriptedChatServer(Func<ChatCall, ChatReply> script)
    {
        _script = script;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The same replies in order; the last one is repeated.</summary>
    public ScriptedChatServer(params ChatReply[] replies)
        : this(call => replies[Math.Min(call.Number, replies.Length - 1)])
    {
    }

    /// <summary>The address to configure, ending in <c>/v1</c>.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");

    /// <summary>The calls so far.</summary>
    public IReadOnlyList<ChatCall> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await using var stream = client.GetStream();
                var reply = _script(await ReadAsync(stream));
                if (reply.HangsUp)
                {
                    return;
                }

                await stream.WriteAsync(reply.Head(), _stop.Token);
                foreach (var piece in reply.Pieces)
                {
                    await stream.WriteAsync(piece, _stop.Token);
                }
            }
            catch (Exception gone) when (gone is IOException or SocketException or InvalidOperationException or OperationCanceledException)
            {
                // The client went away first, which some tests are about.
            }
        }
    }

    private async Task<ChatCall> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!(head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n'))
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1], StringComparer.Ordinal);
        var body = new byte[int.Parse(headers.GetValueOrDefault("content-length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stop.Token);
        lock (_calls)
        {
            _calls.Add(new ChatCall(_calls.Count, lines[0].Split(' ')[1], headers, body.Length == 0 ? [] : JsonNode.Parse(body)!.AsObject()));
            return _calls[^1];
        }
    }
}
