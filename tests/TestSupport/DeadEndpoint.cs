using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Agentic.TestSupport;

/// <summary>An address at which nothing listens, and nothing will while this lives: its port is held but refuses every connection.</summary>
public sealed class DeadEndpoint : IDisposable
{
    private readonly Socket _held = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Takes a free port of loopback.</summary>
    public DeadEndpoint() => _held.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>The address to configure, ending in <c>/v1</c>.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_held.LocalEndPoint!).Port}/v1");

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();
}
