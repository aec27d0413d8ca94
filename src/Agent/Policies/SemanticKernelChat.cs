using Agentic.Retrieval;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Agentic.Agent;

/// <summary>Semantic Kernel at the door: its chat services as policies, the search as one of its functions.</summary>
public static class SemanticKernelChat
{
    /// <summary>A policy over the kernel's chat service. The service should have no retries of its own.</summary>
    /// <param name="kernel">Holds an <see cref="IChatCompletionService"/>.</param>
    /// <param name="options">The endpoint's address is not used.</param>
    /// <param name="resilience">Pipelines of the calls.</param>
    public static ChatPolicy ToPolicy(this Kernel kernel, ChatPolicyOptions options, Resilience resilience) =>
        new(kernel.GetRequiredService<IChatCompletionService>().AsChatClient(), options, resilience);

    /// <summary>The search as a function of a plugin.</summary>
    public static KernelFunction ToKernelFunction(this SearchTool tool) => tool.Function.AsKernelFunction();
}
