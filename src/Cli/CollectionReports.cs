using System.Globalization;
using Agentic.Agent;

namespace Agentic.Cli;

/// <summary>What is said of a collection.</summary>
internal static class CollectionReports
{
    public static string Line(CollectionProgress at) => string.Create(
        CultureInfo.InvariantCulture,
        $"{at.Done:N0} of {at.Total:N0} trajectories, {at.PerSecond:0.0}/s, {at.Tokens:N0} tokens{(at.Cost > 0 ? $", cost {at.Cost:0.00##}" : "")}{(at.SecondsLeft is { } left ? $", about {Duration(left)} left" : "")}");

    public static object Of(CollectionReport report) => new
    {
        report.Status.RunId,
        report.Status.Questions,
        report.Status.Samples,
        Trajectories = report.Status.Committed,
        report.Status.Failed,
        Remaining = report.Status.Total - report.Status.Committed - report.Status.Failed,
        report.Made,
        report.Status.Tokens,
        report.Status.Cost,
        report.Seconds,
    };

    public static object Of(CollectionStatus status) => new
    {
        status.RunId,
        status.Questions,
        status.Samples,
        Trajectories = status.Committed,
        status.Failed,
        status.Planned,
        status.Leased,
        status.Tokens,
        status.Cost,
        Complete = status.IsComplete,
    };

    /// <summary>The exit code of a run, with a word on what is missing.</summary>
    public static int Outcome(Run run, string folder, CollectionReport report)
    {
        if (report.End != CollectionEnd.Complete)
        {
            run.Note($"stopped: {report.Reason}; what was made is kept, the same command goes on from there");
            return report.End == CollectionEnd.Budget ? ExitCode.Budget : ExitCode.Partial;
        }

        if (report.Status.Failed > 0)
        {
            run.Note($"{report.Status.Failed:N0} attempts failed because the policy could not be asked; `agentic collect retry {folder}` plans them again, `agentic trace show` on an export shows why");
            return ExitCode.Partial;
        }

        return ExitCode.Ok;
    }

    private static string Duration(double seconds) => seconds < 90 ? $"{seconds:0} s" : seconds < 5_400 ? $"{seconds / 60:0} min" : $"{seconds / 3_600:0.0} h";
}
