namespace Agentic.Cli;

/// <summary>What the process says to its caller; the same for every command.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The command did its work and what it checked does not hold.</summary>
    public const int CheckFailed = 1;

    /// <summary>Usage, a value, a path, a file or the configuration: the user can mend it.</summary>
    public const int Usage = 2;

    /// <summary>Some of the work is done and saved; the same command goes on from there.</summary>
    public const int Partial = 3;

    /// <summary>A budget is used up; what was done is saved.</summary>
    public const int Budget = 4;

    /// <summary>A defect of this program, with its trace on standard error (EX_SOFTWARE).</summary>
    public const int Defect = 70;

    /// <summary>Ctrl-C or SIGTERM; what was done is saved.</summary>
    public const int Interrupted = 130;
}
