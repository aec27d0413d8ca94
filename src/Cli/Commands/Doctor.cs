using System.CommandLine;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic doctor</c>: looks at everything a run depends on and says what to do; made to be pasted into a report of a problem.</summary>
internal static class Doctor
{
    public static Command Create(Terminal terminal)
    {
        var index = new Option<string>("--index") { Description = "Also look at the index in this folder.", HelpName = "DIR" };
        return new Command("doctor", "Looks at the surroundings, the configuration and, if named, an index.") { index }.Runs(terminal, run =>
        {
            var findings = new List<Finding>();
            findings.AddRange(DoctorChecks.Program());
            findings.AddRange(DoctorChecks.Surroundings(run));
            if (run.Get(index) is { } folder)
            {
                findings.AddRange(DoctorChecks.Index(folder));
            }

            run.Report(new { Healthy = findings.All(finding => finding.State != Health.Bad), Findings = findings }, console => Show(console, findings));
            return findings.Any(finding => finding.State == Health.Bad) ? ExitCode.CheckFailed : ExitCode.Ok;
        });
    }

    private static void Show(IAnsiConsole console, IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var (mark, colour) = finding.State switch
            {
                Health.Good => ("ok", "green"),
                Health.Worth => ("note", "yellow"),
                _ => ("BAD", "red"),
            };
            console.MarkupLine($"[{colour}]{mark,-4}[/]  {Markup.Escape($"{finding.What,-30}  {finding.Detail}")}");
            if (finding.Advice is not null)
            {
                console.WriteLine(new string(' ', 38) + finding.Advice);
            }
        }
    }
}

/// <summary>How something is.</summary>
internal enum Health
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Works, but worth knowing.</summary>
    Worth,

    /// <summary>Something will fail.</summary>
    Bad,
}

/// <summary>One thing looked at.</summary>
internal sealed record Finding(string What, Health State, string Detail, string? Advice = null);
