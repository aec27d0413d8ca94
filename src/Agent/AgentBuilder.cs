using Agentic.Retrieval;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Agentic.Agent;

/// <summary>Puts an agent together: a policy, a source of evidence, limits.</summary>
/// <example><c>var agent = new AgentBuilder().WithPolicy(policy).WithEvidence(evidence).Build(); var trajectory = await agent.AskAsync("...", cancellationToken);</c></example>
public sealed class AgentBuilder
{
    private IPolicy? _policy;
    private IEvidenceRetriever? _evidence;
    private AgentLoopOptions _options = new();
    private TimeProvider _time = TimeProvider.System;

    /// <summary>Who is asked for text; needed.</summary>
    public AgentBuilder WithPolicy(IPolicy policy)
    {
        _policy = policy;
        return this;
    }

    /// <summary>Who is asked for evidence; needed.</summary>
    public AgentBuilder WithEvidence(IEvidenceRetriever evidence)
    {
        _evidence = evidence;
        return this;
    }

    /// <summary>Limits other than the defaults.</summary>
    public AgentBuilder WithOptions(AgentLoopOptions options)
    {
        _options = options;
        return this;
    }

    /// <summary>A clock other than the system's.</summary>
    public AgentBuilder WithTime(TimeProvider time)
    {
        _time = time;
        return this;
    }

    /// <summary>The agent; safe for concurrent use.</summary>
    /// <exception cref="InvalidOperationException">The policy or the source of evidence was not given.</exception>
    /// <exception cref="OptionsException">A limit is out of its range.</exception>
    public AgentLoop Build() => _options.Build(
        _policy ?? throw new InvalidOperationException($"call {nameof(WithPolicy)} before {nameof(Build)}"),
        _evidence ?? throw new InvalidOperationException($"call {nameof(WithEvidence)} before {nameof(Build)}"),
        _time);
}

/// <summary>Registers the agent library for dependency injection.</summary>
public static class AgentServices
{
    /// <summary>
    /// Adds <see cref="IPolicy"/>, unless one is registered, and <see cref="AgentLoop"/> as singletons over the container's <see cref="IEvidenceRetriever"/> and
    /// <see cref="IEntityLinker"/>; a registered <see cref="TimeProvider"/> is used.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="policy">Who is asked for text; the symbolic policy, which needs no model, when null.</param>
    /// <param name="options">Limits; the defaults when null.</param>
    /// <param name="apiKey">Key of the policy's endpoint, when it has one.</param>
    /// <exception cref="OptionsException">A limit is out of its range.</exception>
    public static IServiceCollection AddAgenticAgent(
        this IServiceCollection services, PolicyOptions? policy = null, AgentLoopOptions? options = null, string? apiKey = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var limits = OptionsGuard.Checked(options ?? new AgentLoopOptions());
        services.TryAddSingleton(provider => (policy ?? new SymbolicPolicyOptions()).Build(new PolicyResources(provider.GetRequiredService<IEntityLinker>())
        {
            ApiKey = apiKey,
            Time = provider.GetService<TimeProvider>() ?? TimeProvider.System,
        }));
        return services.AddSingleton(provider => limits.Build(
            provider.GetRequiredService<IPolicy>(),
            provider.GetRequiredService<IEvidenceRetriever>(),
            provider.GetService<TimeProvider>()));
    }
}
