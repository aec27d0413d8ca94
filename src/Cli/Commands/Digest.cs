using System.CommandLine;
using Agentic.Agent;
using Agentic.Training;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic digest</c>: one hash over what an index, a model, a collection or a file of trajectories says, whatever the order in which it came about.</summary>
internal static class Digest
{
    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("PATH") { Description = "Folder of an index, a model or a collection, or a file of trajectories." };
        return new Command("digest", "A hash of what an index, a model, a collection or a file of trajectories says; equal content, equal hash.") { path }.Runs(terminal, async run =>
        {
            var target = run.Get(path)!;
            var hash = File.Exists(Path.Combine(target, "config.json")) ? ModelDigest.Of(target)
                : CollectionFolder.IsOne(target) ? OfCollection(target)
                : Directory.Exists(target) ? await IndexDigest.OfAsync(target, run.Cancelled).ConfigureAwait(false)
                : TrajectoryFile.Digest(target, run.Note);
            run.Report(new { Digest = hash, Path = target }, console => console.WriteLine($"{hash}  {target}"));
            return ExitCode.Ok;
        });
    }

    private static string OfCollection(string folder)
    {
        using var collection = CollectionFolder.Open(folder);
        return collection.Digest();
    }
}
