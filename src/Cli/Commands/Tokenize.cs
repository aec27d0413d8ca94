using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary><c>agentic tokenize</c>: the ids of a text, or the text of ids.</summary>
internal static class Tokenize
{
    private static readonly char[] Between = [' ', ',', '\t', '\r', '\n', '[', ']'];

    public static Command Create(Terminal terminal)
    {
        var model = ModelOption.Required();
        var text = new Option<string?>("--text") { Description = "The text; with --decode, ids with spaces or commas between them.", HelpName = "T" };
        var input = new Option<string?>("--in") { Description = "A file with the text as it stands; with --decode, a file with ids, or what --json wrote.", HelpName = "FILE" };
        var decode = new Option<bool>("--decode") { Description = "Turn ids into text." };
        return new Command("tokenize", "Shows the token ids of a text in a model's vocabulary.") { model, text, input, decode }.Runs(terminal, async run =>
        {
            var tokenizer = ModelTokenizer.Load(run.Get(model)!);
            var given = await GivenAsync(run, run.Get(text), run.Get(input)).ConfigureAwait(false);
            var ids = run.Get(decode) ? Ids(given, tokenizer.VocabularySize) : tokenizer.Encode(given);
            var words = run.Get(decode) ? tokenizer.Decode(ids) : given;
            run.Report(
                new { Ids = ids, Count = ids.Count, Text = words },
                console => run.Terminal.Out.WriteLine(run.Get(decode) ? words : string.Join(' ', ids)));
            return ExitCode.Ok;
        });
    }

    private static async Task<string> GivenAsync(Run run, string? text, string? file)
    {
        if ((text is null) == (file is null))
        {
            throw new UsageException("give either --text T or --in FILE");
        }

        if (text is not null)
        {
            return text;
        }

        using var reader = new StreamReader(TextSource.Open(file!));
        return await reader.ReadToEndAsync(run.Cancelled).ConfigureAwait(false);
    }

    private static List<int> Ids(string given, int size)
    {
        var numbers = given.TrimStart().StartsWith('{') ? OfReport(given) : given.Split(Between, StringSplitOptions.RemoveEmptyEntries);
        return [.. numbers.Select(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < size
            ? id
            : throw new UsageException($"--decode: '{number}' is no id of this vocabulary (0 to {size - 1})"))];
    }

    private static IEnumerable<string> OfReport(string json)
    {
        try
        {
            return [.. JsonDocument.Parse(json).RootElement.GetProperty("ids").EnumerateArray().Select(id => id.ToString())];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new UsageException("--decode: the object has no list \"ids\"; give what `tokenize --json` wrote, or the ids alone", exception);
        }
    }
}
