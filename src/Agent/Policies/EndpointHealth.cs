using System.Net.Http.Headers;

namespace Agentic.Agent;

/// <summary>Asks a server of an OpenAI-compatible interface for its models: any answer but an error of the server's means that it is there.</summary>
internal sealed class EndpointHealth : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = LongestWait };
    private readonly Uri _models;

    public EndpointHealth(Uri address, string? apiKey)
    {
        _models = new Uri(address.AbsoluteUri.TrimEnd('/') + "/models");
        if (!string.IsNullOrEmpty(apiKey))
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }
    }

    public async Task<bool> IsWellAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(_models, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return (int)answer.StatusCode < 500;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();
}
