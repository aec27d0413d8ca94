using System.CommandLine;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic index delete</c>: removes documents by id; afterwards it is as if they had never been there.</summary>
internal static class IndexDelete
{
    public static Command Create(Terminal terminal)
    {
        var index = IndexOptions.Index();
        var ids = new Option<string>("--ids") { Description = "Ids separated by commas, or a file with one id a line.", HelpName = "ID,...|FILE", Required = true };
        var command = new Command("delete", "Removes documents by id.") { index, ids };
        return command.Runs(terminal, async run =>
        {
            var wanted = await ReadAsync(run.Get(ids)!, run.Cancelled).ConfigureAwait(false);
            var report = await IndexBuilder.DeleteAsync(run.Get(index)!, wanted).ConfigureAwait(false);
            if (report.Unknown.Count > 0)
            {
                run.Note($"warning: {Counted.Of(report.Unknown.Count, "id")} not in the index, like {report.Unknown[0]}");
            }

            run.Report(
                new { report.Deleted, Unknown = report.Unknown.Count },
                console => console.MarkupLineInterpolated($"{run.Get(index)}: {Counted.Of(report.Deleted, "document")} deleted, {Counted.Of(report.Unknown.Count, "id")} unknown."));
            return ExitCode.Ok;
        });
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(string ids, CancellationToken cancellationToken)
    {
        var lines = File.Exists(ids) ? await File.ReadAllLinesAsync(ids, cancellationToken).ConfigureAwait(false) : ids.Split(',');
        var read = lines.Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        return read.Count > 0 ? read : throw new UsageException($"--ids {ids}: names no document; write ID,ID,... or a file with one id a line");
    }
}
