using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Options of one kind of policy; the kind is the type's name without <c>PolicyOptions</c>, in kebab case.</summary>
public abstract record PolicyOptions
{
    /// <summary>Builds the policy.</summary>
    /// <exception cref="OptionsException">A value is out of its range or missing.</exception>
    public abstract IPolicy Build(PolicyResources resources);
}

/// <summary>What a policy is given besides its options, by whoever puts the agent together.</summary>
/// <param name="Linker">Entities of the graph, by name; for policies that plan with them.</param>
public sealed record PolicyResources(IEntityLinker Linker)
{
    /// <summary>Key of the endpoint, when there is one; never stored, logged or written.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Clock of timeouts and retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
