using System.Globalization;

namespace Agentic.Agent;

/// <summary>Reads a completion as a move of the protocol. Total: whatever the text, a move comes back and nothing is thrown.</summary>
/// <remarks>
/// Strict about which lines there are and in which order; lenient about case, blank lines and the emphasis marks that chat models put around labels.
/// Linear in the length of the text.
/// </remarks>
internal static class ProtocolParser
{
    public const int MostEntities = 16;
    public const int LongestName = 200;
    public const int LongestSubquery = 1_000;

    /// <summary>Reads a completion that follows the prompt (<paramref name="stepsSoFar"/> is 0) or the evidence of a step.</summary>
    public static PolicyMove Parse(string text, int stepsSoFar) => new Reading(text, stepsSoFar).Move();

    /// <summary>Reads a completion of the line <c>Final answer: </c> that the system began; a repeated label is skipped.</summary>
    public static PolicyMove ParseForced(string text)
    {
        foreach (var line in ProtocolLine.Of(text))
        {
            var answer = line.Is(ProtocolText.Answer, out var rest) ? rest : line.Content;
            if (answer.Length > 0)
            {
                return new PolicyMove.FinalAnswer(null, text.Length, ProtocolLine.Plain(answer));
            }
        }

        return new PolicyMove.Malformed(null, text.Length, "the final answer is empty");
    }

    private sealed class Reading(string text, int stepsSoFar)
    {
        private readonly Queue<ProtocolLine> _lines = new(ProtocolLine.Of(text).Where(line => line.Content.Length > 0));
        private string? _summary;

        public PolicyMove Move()
        {
            if (stepsSoFar > 0 && ReadSummary() is { } problem)
            {
                return Malformed(problem);
            }

            if (!_lines.TryDequeue(out var line))
            {
                return stepsSoFar > 0 ? new PolicyMove.SummaryOnly(_summary, text.Length) : Malformed("it is empty");
            }

            return line.Is(ProtocolText.Answer, out var rest) ? Answer(rest) : Step(line);
        }

        private string? ReadSummary()
        {
            if (!_lines.TryDequeue(out var line))
            {
                return "it is empty";
            }

            if (!line.Is(ProtocolText.Summary, out var rest))
            {
                return $"it begins with \"{line.Excerpt}\" where the summary of step {stepsSoFar} is due";
            }

            var parts = new List<string> { rest };
            while (_lines.TryPeek(out line) && !line.Is(ProtocolText.Answer, out _) && !line.IsStep(out _, out _))
            {
                parts.Add(_lines.Dequeue().Content);
            }

            _summary = ProtocolText.OneLine(string.Join(' ', parts));
            return _summary.Length == 0 ? $"the summary of step {stepsSoFar} is empty" : null;
        }

        private PolicyMove Answer(string rest)
        {
            var answer = rest.Length > 0 ? rest : _lines.TryDequeue(out var next) ? next.Content : "";
            return answer.Length > 0
                ? new PolicyMove.FinalAnswer(_summary, text.Length, ProtocolLine.Plain(answer))
                : Malformed("the final answer is empty");
        }

        private PolicyMove Step(ProtocolLine line)
        {
            if (!line.IsStep(out var number, out var rest))
            {
                return Malformed($"\"{line.Excerpt}\" is neither a step nor a final answer");
            }

            if (number != stepsSoFar + 1)
            {
                return Malformed(string.Create(CultureInfo.InvariantCulture, $"step {number} stands where step {stepsSoFar + 1} is due"));
            }

            var entityLine = rest.Length > 0 ? line with { Content = rest } : Next();
            if (!entityLine.Is(ProtocolText.Entity, out var names) && !entityLine.Is("Important entities", out names))
            {
                return Malformed($"step {number} has no line of important entities");
            }

            var subqueryLine = Next();
            if (!subqueryLine.Is(ProtocolText.Subquery, out var subquery) || subquery.Length == 0)
            {
                return Malformed($"step {number} has no subquery");
            }

            var entities = EntityNames.Split(names);
            subquery = BeforeMark(subquery);
            return Excess(entities, subquery) is { } problem
                ? Malformed(problem)
                : new PolicyMove.NextStep(_summary, subqueryLine.End, line.Start, entities, subquery);
        }

        private ProtocolLine Next() => _lines.TryDequeue(out var line) ? line : new ProtocolLine(text.Length, text.Length, "");

        private PolicyMove Malformed(string reason) => new PolicyMove.Malformed(_summary, text.Length, reason);

        // A server that returns its stop string leaves the mark at the end of the subquery.
        private static string BeforeMark(string subquery)
        {
            var mark = subquery.IndexOf(ProtocolText.Open, StringComparison.OrdinalIgnoreCase);
            return ProtocolLine.Plain(mark < 0 ? subquery : subquery[..mark]);
        }

        private static string? Excess(IReadOnlyList<string> entities, string subquery) =>
            entities.Count > MostEntities ? $"{entities.Count} important entities, at most {MostEntities} are allowed"
            : entities.Any(name => name.Length > LongestName) ? $"an important entity is longer than {LongestName} characters"
            : subquery.Length == 0 ? "the subquery is empty"
            : subquery.Length > LongestSubquery ? $"the subquery is longer than {LongestSubquery} characters"
            : null;
    }
}
