using System.Diagnostics;

namespace Agentic.Agent;

/// <summary>Spans of attempts, named after the OpenTelemetry conventions for generative AI; every name is in this file because they still move.</summary>
/// <remarks>No question, evidence or answer text is put on a span.</remarks>
internal static class AgentTelemetry
{
    /// <summary>Name of the source to listen to.</summary>
    public const string SourceName = "Agentic.Agent";

    private const string OperationName = "gen_ai.operation.name";
    private const string AgentName = "gen_ai.agent.name";
    private const string ConversationId = "gen_ai.conversation.id";
    private const string RequestModel = "gen_ai.request.model";
    private const string RequestMaxTokens = "gen_ai.request.max_tokens";
    private const string ErrorType = "error.type";
    private const string StepNumber = "agentic.step";
    private const string Stop = "agentic.stop";
    private const string Steps = "agentic.steps";
    private const string ThinkingTokens = "agentic.tokens.thinking";
    private const string RetrievedTokens = "agentic.tokens.retrieved";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? StartAttempt(TrajectoryKey key, string policyId) => Source.StartActivity($"invoke_agent {SourceName}")
        ?.SetTag(OperationName, "invoke_agent")
        .SetTag(AgentName, SourceName)
        .SetTag(RequestModel, policyId)
        .SetTag(ConversationId, $"{key.QuestionId}/{key.Attempt}");

    public static Activity? StartCompletion(string policyId, int maxTokens) => Source.StartActivity($"chat {policyId}", ActivityKind.Client)
        ?.SetTag(OperationName, "chat")
        .SetTag(RequestModel, policyId)
        .SetTag(RequestMaxTokens, maxTokens);

    public static Activity? StartRetrieval(int step) => Source.StartActivity("retrieval evidence")
        ?.SetTag(OperationName, "retrieval")
        .SetTag(StepNumber, step);

    public static void Finish(Activity? span, Trajectory trajectory)
    {
        span?.SetTag(Stop, trajectory.Stop.ToString())
            .SetTag(Steps, trajectory.Steps.Count)
            .SetTag(ThinkingTokens, trajectory.Tokens.Thinking)
            .SetTag(RetrievedTokens, trajectory.Tokens.Retrieved);
        if (trajectory.Stop is StopReason.Malformed or StopReason.PolicyFailed)
        {
            span?.SetTag(ErrorType, trajectory.Stop.ToString()).SetStatus(ActivityStatusCode.Error);
        }
    }
}
