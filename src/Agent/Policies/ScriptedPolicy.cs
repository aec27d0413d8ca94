namespace Agentic.Agent;

/// <summary>Writes what it was told to, for tests and demonstrations: each attempt gets the script from its beginning.</summary>
/// <param name="script">One completion a call; null or beyond the end means that the policy fails for good.</param>
public sealed class ScriptedPolicy(Func<PolicyRequest, int, string?> script) : IPolicy
{
    /// <summary>The same completions for every question, in order.</summary>
    public ScriptedPolicy(params string[] completions)
        : this((_, call) => call < completions.Length ? completions[call] : null)
    {
    }

    /// <inheritdoc/>
    public string Id => "scripted/1";

    /// <inheritdoc/>
    public Task<Completion> CompleteAsync(PolicyRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var call = request.Segments.Count(segment => segment.Author == Author.Policy);
        return script(request, call) is { } text
            ? Task.FromResult(new Completion(text))
            : Task.FromException<Completion>(new PolicyFailedException("the script has no further completion"));
    }
}
