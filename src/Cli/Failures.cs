using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>The one place where an exception becomes an exit code and a sentence on standard error.</summary>
internal static class Failures
{
    public static int Report(Exception exception, TextWriter error)
    {
        switch (exception)
        {
            case OperationCanceledException:
                error.WriteLine("interrupted: what was finished is saved; the same command goes on from there");
                return ExitCode.Interrupted;
            case OptionsException options:
                foreach (var problem in options.Problems)
                {
                    error.WriteLine($"error: {problem}");
                }

                return ExitCode.Usage;
            case AgenticException:
            case FileNotFoundException:
            case DirectoryNotFoundException:
                error.WriteLine($"error: {exception.Message}");
                return ExitCode.Usage;
            case UnauthorizedAccessException:
            case IOException:
                error.WriteLine($"error: {exception.Message} (check that the path is right, that you may write there, and that the disk is not full)");
                return ExitCode.Usage;
            default:
                error.WriteLine($"defect: {exception.GetType().Name}: {exception.Message}");
                error.WriteLine(exception.StackTrace);
                error.WriteLine("This is a defect of agentic, not of your input. Please report it with the lines above and the output of `agentic doctor`.");
                return ExitCode.Defect;
        }
    }
}
