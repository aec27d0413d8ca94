using System.Text.Json.Nodes;

namespace Agentic.EndToEnd.Tests;

public sealed class ProgressTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A clock that moves a minute at each look makes every report due: one before the only batch, one after it.
    [Fact]
    public async Task Redirected_progress_is_plain_lines_apart_from_the_report()
    {
        var corpus = _folder.Write("corpus.jsonl", SmallCorpus.Text);

        var run = await CommandLine.RunAsync(new Dictionary<string, string>(), ["index", "build", "--corpus", corpus, "--out", _folder["i"], "--json"], clock: new HastyClock());

        Assert.Equal("0 documents, 0 chunks\n3 documents, 3 chunks\n", run.Error);
        Assert.Equal(3, (int)JsonNode.Parse(run.Out)!["documents"]!);
    }

    [Fact]
    public async Task A_short_run_is_silent()
    {
        var run = await CommandLine.RunAsync("index", "build", "--corpus", _folder.Write("corpus.jsonl", SmallCorpus.Text), "--out", _folder["i"]);

        Assert.Equal(("", $"{_folder["i"]}: 3 documents built.\n"), (run.Error, run.Out));
    }

    private sealed class HastyClock : TimeProvider
    {
        private long _minutes;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => 60 * Interlocked.Increment(ref _minutes);
    }
}
