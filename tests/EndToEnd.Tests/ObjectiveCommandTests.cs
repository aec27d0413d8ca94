using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Cli;
using Agentic.TestSupport;

namespace Agentic.EndToEnd.Tests;

public sealed class ObjectiveCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Even odds over two tokens everywhere but for the chosen target, which has log-odds 1 under the policy: z = log s(1) + log 2, times beta.
    private const string Pair = """
        "chosen.logits": [[[9, 9], [1, 0]]], "chosen.ref_logits": [[[7, 7], [0, 0]]], "chosen.targets": [[5, 0]], "chosen.mask": [[0, 1]],
        "rejected.logits": [[[9, 9], [0, 0]]], "rejected.ref_logits": [[[7, 7], [0, 0]]], "rejected.targets": [[5, 0]], "rejected.mask": [[0, 1]]
        """;

    private static readonly double Loss = Math.Log(1 + Math.Exp(-0.5 * (Math.Log(2) - Math.Log(1 + Math.Exp(-1)))));

    private static string Case(string kind, string parameters, string more = "") => $$"""{"id": "{{kind}}_case", "kind": "{{kind}}", "fixture": "pair", "params": { {{parameters}} }{{more}}}""";

    private string Write(string cases, string fixture = Pair) => _folder.Write("cases.json", $$"""{"fixtures": {"pair": { {{fixture}} } }, "cases": [{{cases}}]}""");

    [Fact]
    public async Task Every_objective_is_listed_with_what_a_reader_asks_first()
    {
        var run = await CommandLine.RunAsync("objectives", "list", "--json");
        var listed = JsonNode.Parse(run.Out)!["objectives"]!.AsArray();

        Assert.Equal(0, run.Code);
        Assert.Equal(
            ["bco-pair", "cdpo", "dpo", "dpo-length-normalised", "dpo-nll", "hinge", "ipo", "kto", "ld-dpo", "mixture", "orpo", "rdpo", "sft", "simpo", "step-dpo", "tdpo1", "tdpo2", "token-weighted-dpo"],
            listed.Select(one => (string)one!["name"]!));
        Assert.All(listed, one => Assert.True(((string)one!["formula"]!).Length > 0 && ((string)one["source"]!).Length > 0));
        Assert.Equal(0.1, (double)listed.Single(one => (string)one!["name"]! == "dpo")!["defaults"]!["beta"]!);
        Assert.Equal(["token-reference", "vocabulary-reference"], listed.Single(one => (string)one!["name"]! == "tdpo2")!["needs"]!.AsArray().Select(need => (string)need!));
    }

    [Fact]
    public async Task A_case_is_computed_whether_its_values_are_expected_or_not()
    {
        var file = Write(Case("dpo", "\"beta\": 0.5", FormattableString.Invariant($", \"loss\": {Loss}")) + "," + Case("cdpo", "\"beta\": 0.5, \"eps\": 0") + "," + Case("exo", "\"beta\": 1"));

        var report = JsonNode.Parse((await CommandLine.RunAsync("objectives", "check", file, "--json")).Out)!;

        Assert.Equal((2, 1, 0, 1), ((int)report["computed"]!, (int)report["compared"]!, (int)report["failed"]!, (int)report["unsupported"]!));
        Assert.Equal([Loss, Loss], report["cases"]!.AsArray().Take(2).Select(one => Math.Round((double)one!["loss"]!, 12)), (expected, actual) => Math.Abs(expected - actual) < 1e-11);
        Assert.Equal(["chosen.logits", "rejected.logits"], report["cases"]![0]!["grads"]!.AsObject().Select(grad => grad.Key));
        Assert.True((bool)report["cases"]![2]!["unsupported"]!);
    }

    [Fact]
    public async Task A_value_that_is_not_the_expected_one_fails_the_check()
    {
        var run = await CommandLine.RunAsync("objectives", "check", Write(Case("dpo", "\"beta\": 0.5", FormattableString.Invariant($", \"loss\": {Loss + 1e-6}"))));
        var tolerant = await CommandLine.RunAsync("objectives", "check", _folder["cases.json"], "--tolerance", "1e-5");
        var missing = await CommandLine.RunAsync("objectives", "check", Write(Case("dpo", "\"beta\": 0.5", ", \"extra\": {\"kl\": 1}")));

        Assert.Equal((ExitCode.CheckFailed, ExitCode.Ok, ExitCode.CheckFailed), (run.Code, tolerant.Code, missing.Code));
        Assert.Contains("an error is larger than 1E-08", run.Out, StringComparison.Ordinal);
        Assert.Contains("'kl' is expected", missing.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_choose_which_take_part()
    {
        const string Two = """
            "chosen.logits": [[[1, 0]], [[2, 0]]], "chosen.targets": [[0], [0]], "chosen.mask": [[1], [1]],
            "rejected.logits": [[[0, 0]], [[0, 0]]], "rejected.targets": [[0], [0]], "rejected.mask": [[1], [1]]
            """;
        var run = await CommandLine.RunAsync("objectives", "check", Write(Case("simpo", "\"gamma\": 0", ", \"items\": [1]") + "," + Case("simpo", "\"gamma\": 0"), Two), "--json");
        var cases = JsonNode.Parse(run.Out)!["cases"]!;

        Assert.Equal((double)cases[1]!["per_item"]![1]!, (double)cases[0]!["loss"]!);
        Assert.Single(cases[0]!["per_item"]!.AsArray());
    }

    [Theory]
    [InlineData("dpo", "\"betta\": 1", "dpo_case: dpo has no parameter 'betta'; did you mean 'beta'?")]
    [InlineData("simpo", "\"lam\": 1", "simpo has no parameter 'lam'; known are beta, eps, gamma")]
    [InlineData("rdpo", "\"eps\": 0.5", "rdpo_case", "LabelSmoothing")]
    [InlineData("orpo", "\"nll\": \"tokens\"", "orpo_case: nll must be one of sum, sequence, token, not \"tokens\"")]
    [InlineData("dpo", "\"beta\": \"high\"", "dpo_case: beta must be a number, not \"high\"")]
    [InlineData("dpo", "\"kl_raw\": 1", "dpo has no parameter 'kl_raw'")]
    [InlineData("mixture", "\"w_dop\": 1", "mixture has no parameter 'w_dop'; did you mean 'w_dpo'?")]
    [InlineData("mixture", "\"w_dpo\": 1, \"betta\": 1", "mixture has no parameter 'betta'; did you mean 'beta'?")]
    [InlineData("kto", "", "case kto_case: the fixture has no array 'u.logits'")]
    [InlineData("step-dpo", "", "case step-dpo_case: the fixture has no array 'step_start'")]
    public async Task A_parameter_or_an_array_that_does_not_fit_is_refused(string kind, string parameters, params string[] messages) =>
        (await CommandLine.RunAsync("objectives", "check", Write(Case(kind, parameters)))).Refused(messages);

    [Theory]
    [InlineData("[[[7, 7], [0, 0]]]", "[[[7, 7], [0]]]", "'chosen.ref_logits' is no regular array")]
    [InlineData("[[0, 1]]", "[[0, 2]]", "'chosen.mask' must hold nothing but 0 and 1")]
    [InlineData("[[0, 1]]", "[[0, 0]]", "'chosen.mask' has an item without a token that counts")]
    [InlineData("[[5, 0]]", "[[5, 2]]", "'chosen.targets' must hold whole numbers from 0 to 1")]
    [InlineData("[[5, 0]]", "[[5, \"a\"]]", "'chosen.targets' must be nested lists of numbers")]
    public async Task A_broken_array_is_refused_by_name(string was, string becomes, string message)
    {
        var at = Pair.IndexOf(was, StringComparison.Ordinal);
        var fixture = Pair[..at] + becomes + Pair[(at + was.Length)..];

        (await CommandLine.RunAsync("objectives", "check", Write(Case("dpo", ""), fixture))).Refused("cases.json: case dpo_case: ", message);
    }

    [Fact]
    public async Task Sides_of_different_lengths_are_refused()
    {
        var shorter = Pair.Replace("[[[9, 9], [0, 0]]]", "[[[0, 0]]]", StringComparison.Ordinal)
            .Replace("\"rejected.ref_logits\": [[[7, 7], [0, 0]]], \"rejected.targets\": [[5, 0]], \"rejected.mask\": [[0, 1]]", "\"rejected.ref_logits\": [[[0, 0]]], \"rejected.targets\": [[0]], \"rejected.mask\": [[1]]", StringComparison.Ordinal);

        (await CommandLine.RunAsync("objectives", "check", Write(Case("dpo", ""), shorter))).Refused("'chosen.logits' and 'rejected.logits' have different shapes");
    }

    [Theory]
    [InlineData("{\"fixtures\": {", "not valid JSON")]
    [InlineData("[]", "is not a file of objective cases")]
    [InlineData("{\"fixtures\": {}, \"cases\": [{\"id\": \"a\"}]}", "case 1 has no text 'kind'")]
    [InlineData("{\"fixtures\": {}, \"cases\": [{\"id\": \"a\", \"kind\": \"dpo\", \"fixture\": \"f\"}]}", "the file has no fixture 'f'")]
    public async Task A_file_that_is_none_is_refused(string text, string message) =>
        (await CommandLine.RunAsync("objectives", "check", _folder.Write("cases.json", text))).Refused("cases.json", message);

    [Fact]
    public async Task A_compressed_file_is_read_too()
    {
        using (var file = new GZipStream(File.Create(_folder["cases.json.gz"]), CompressionLevel.Fastest))
        {
            file.Write(Encoding.UTF8.GetBytes(File.ReadAllText(Write(Case("dpo", "")))));
        }

        Assert.Equal(ExitCode.Ok, (await CommandLine.RunAsync("objectives", "check", _folder["cases.json.gz"])).Code);
    }

    [Theory]
    [InlineData("preference.objective.kind=dop", "unknown kind \"dop\"; did you mean 'dpo'?")]
    [InlineData("preference.objective.betta=0.2", "unknown key; did you mean 'beta'?")]
    [InlineData("preference.objective.beta=-1", "must be between 1E-06 and 1000, not -1")]
    public async Task An_objective_that_is_not_there_is_refused_on_the_command_line(string assignment, string message) =>
        (await CommandLine.RunAsync("config", "show", "--set", assignment)).Refused(message);

    [Fact]
    public async Task The_parts_of_a_mixture_are_checked_by_name()
    {
        var run = await CommandLine.RunAsync(
            "config", "show", "--set", "preference.objective.kind=mixture", "--set", """preference.objective.parts=[{"weight": 1, "objective": {"kind": "simpol"}}, {"objective": {"kind": "dpo", "betta": 1}}]""");

        run.Refused("preference.objective.parts[0].objective.kind: unknown kind \"simpol\"; did you mean 'simpo'?", "preference.objective.parts[1].objective.betta: unknown key; did you mean 'beta'?");
    }

    [Fact]
    public async Task The_public_cases_agree_to_eight_digits()
    {
        var run = await CommandLine.RunAsync("objectives", "check", PublicData.Require("objective-cases/cases.json.gz"), "--json");
        var report = JsonSerializer.Deserialize<JsonElement>(run.Out);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal((31, 0), (report.GetProperty("computed").GetInt32(), report.GetProperty("failed").GetInt32()));
        Assert.True(report.GetProperty("compared").GetInt32() >= 12);
        Assert.All(report.GetProperty("cases").EnumerateArray().Where(one => one.TryGetProperty("problems", out _)), one => Assert.Equal(0, one.GetProperty("problems").GetArrayLength()));
    }
}
