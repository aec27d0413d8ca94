using System.Globalization;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary>Tells the quick start to a person, chapter by chapter; silent when a program asked.</summary>
internal sealed class QuickstartStory(Run run)
{
    private const int ShownEvidence = 3;
    private const int ShownCharacters = 110;

    private readonly IAnsiConsole? _console = run.IsJson ? null : run.Terminal.Console();
    private int _chapter;

    public void Open(string index)
    {
        Chapter("Index and graph");
        Line($"Averra is an invented country: its people and films, a pump factory, and old expeditions. Its index goes to {index}.");
    }

    public void Built(IndexReport built, KnowledgeGraph graph) =>
        Line($"{Counted.Of(built.Documents, "document")}, {Counted.Of(graph.Triplets.Count, "triplet")} between {Counted.Of(graph.Entities.Count, "entity", "entities")}, read by rules; no model was asked.");

    public void Answered(Question question, Trajectory trajectory)
    {
        Chapter(question.Text);
        foreach (var step in trajectory.Steps)
        {
            _console?.MarkupLineInterpolated($"[bold blue]Step {step.Number}[/]  {step.Subquery}");
            foreach (var evidence in step.Evidence.Take(ShownEvidence))
            {
                Evidence(evidence);
            }

            _console?.MarkupLineInterpolated($"        [yellow]{step.Summary ?? ""}[/]");
        }

        var answer = trajectory.Answer ?? "none";
        var isRight = AnswerScore.ExactMatch(trajectory.Answer, question.Answers) > 0;
        _console?.MarkupLineInterpolated($"[bold]Answer[/]  [bold {(isRight ? "green" : "red")}]{answer}[/]  [grey]({(isRight ? "right" : $"expected: {question.Answers[0]}")})[/]");
    }

    public void Measured(QuickstartMeasures measured)
    {
        Chapter($"Measured on {measured.Questions} held-out questions");
        var retrieval = Table("retriever", "recall@2", "recall@5", "ms a question");
        foreach (var row in measured.Retrieval)
        {
            retrieval.AddRow(row.Retriever, Percent(row.RecallAt2), Percent(row.RecallAt5), Number(1000 * row.Seconds / measured.Questions));
        }

        var answering = Table("evidence", "exact match", "F1", "steps", "tokens a retrieval", "answer recall");
        foreach (var row in measured.Answering)
        {
            answering.AddRow(row.Mode, Percent(row.Em), Percent(row.F1), Number(row.Steps), Number(row.TokensPerRetrieval), Percent(row.AnswerRecall));
        }

        _console?.Write(retrieval);
        _console?.Write(answering);
        Line($"The answers come from rules that know the relations of encyclopedic text. For what goes beyond them, name a model with --policy chat.");
    }

    public void Next(string index)
    {
        Chapter("Your own documents");
        Line($"agentic ask --index {index} \"Who was the father-in-law of Aldemar I of Averra?\"");
        Line($"agentic index build --corpus FOLDER-OR-FILE --out my-index");
        Line($"agentic ask --index my-index \"your question\"");
        Line($"agentic ask --index my-index \"your question\" --policy chat --endpoint http://localhost:8000/v1 --model NAME");
        Line($"agentic --help");
        Line($"(agentic is {Environment.ProcessPath}; put its folder on your PATH.)");
    }

    private void Evidence(Evidence evidence)
    {
        var (colour, text) = evidence switch
        {
            Evidence.OfTriplet { Triplet: var triplet } => ("teal", triplet.Text),
            Evidence.OfChunk { Chunk: var chunk } => ("default", $"{chunk.Title}: {chunk.Text}"),
            _ => ("default", ""),
        };
        _console?.MarkupLineInterpolated($"        [{colour}]{(text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "...")}[/]");
    }

    private void Chapter(string title)
    {
        _console?.WriteLine();
        _console?.MarkupLineInterpolated($"[bold]{++_chapter}. {title}[/]");
    }

    private void Line(FormattableString text) => _console?.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(columns[0]);
        foreach (var column in columns.Skip(1))
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        return table;
    }

    private static string Percent(double fraction) => (100 * fraction).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
