namespace Agentic.Training;

/// <summary>The training side begins in part 2; the assembly is here so that the house has its rooms.</summary>
internal static class Shell;
