using System.ClientModel;
using System.Globalization;
using System.Text.Json;
using Agentic.Retrieval;
using Microsoft.SemanticKernel;

namespace Agentic.Agent;

/// <summary>What the many clients throw, as the two things that matter: it may pass, or it will not.</summary>
internal static class CallFailures
{
    /// <summary>The failure in our terms; null for what is already in them, for cancellation, and for bugs.</summary>
    public static Exception? Translated(Exception problem, CancellationToken cancellationToken) => problem switch
    {
        AgenticException => problem,
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        OperationCanceledException or TimeoutException => new TransientCallException("the endpoint gave no answer in time", problem),
        ClientResultException { Status: 0 } => Translated(problem.InnerException ?? new IOException(problem.Message), cancellationToken),
        ClientResultException status => OfStatus(status.Status, problem.Message, null, problem),
        HttpOperationException { StatusCode: { } status } => OfStatus((int)status, problem.Message, null, problem),
        HttpOperationException { InnerException: { } inner } => Translated(inner, cancellationToken),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } =>
            new TransientCallException($"the endpoint cannot be reached ({problem.Message})", problem) { IsUnreachable = true },
        HttpRequestException or IOException => new TransientCallException($"the connection broke off ({problem.Message})", problem),
        JsonException or FormatException => new TransientCallException($"the answer is not whole ({problem.Message})", problem),
        AggregateException { InnerException: { } inner } => Translated(inner, cancellationToken),
        _ => null,
    };

    /// <summary>The failure that a status of HTTP stands for.</summary>
    public static AgenticException OfStatus(int status, string detail, TimeSpan? retryAfter, Exception? inner = null)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"HTTP {status}: {Excerpt(detail)}");
        return status switch
        {
            _ when TransientCallException.IsTransient(status) => new TransientCallException(
                status == 429 ? $"the endpoint asked for fewer calls ({what})" : $"the endpoint is not well ({what})", inner) { RetryAfter = retryAfter, IsThrottle = status == 429 },
            401 or 403 => new EndpointUnreachableException($"the endpoint refused the key ({what}). Check the API key", inner),
            404 => new EndpointUnreachableException($"the endpoint has no such model or address ({what}). Check the model's name and that the address ends in /v1 if the server wants it", inner),
            _ when IsTooLong(detail) => new PolicyFailedException($"the text has become longer than the model's context ({what})", inner),
            _ => new PolicyFailedException($"the endpoint refused the call ({what})", inner),
        };
    }

    /// <summary>The beginning of a foreign message, on one line.</summary>
    public static string Excerpt(string text)
    {
        var line = ProtocolText.OneLine(text.Length > 2_000 ? text[..2_000] : text);
        return line.Length <= 200 ? line : string.Concat(line.AsSpan(0, 200), "...");
    }

    private static bool IsTooLong(string detail) =>
        detail.Contains("context_length", StringComparison.OrdinalIgnoreCase)
        || detail.Contains("context length", StringComparison.OrdinalIgnoreCase)
        || detail.Contains("context window", StringComparison.OrdinalIgnoreCase)
        || detail.Contains("context size", StringComparison.OrdinalIgnoreCase);
}
