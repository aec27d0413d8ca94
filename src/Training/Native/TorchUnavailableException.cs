using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>The native tensor library cannot be loaded; the message says what is missing and how to mend it.</summary>
public sealed class TorchUnavailableException(string message, Exception? inner = null) : AgenticException(message, inner);
