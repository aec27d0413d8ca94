using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>What is wrong with a row of a file of pairs.</summary>
/// <param name="Row">1-based number of the row, the header not counted.</param>
/// <param name="Line">1-based line of the file on which it begins.</param>
/// <param name="Field">The field to look at; empty when the line as a whole is broken.</param>
/// <param name="Reason">What is wrong there and how to mend it.</param>
public sealed record PairProblem(int Row, long Line, string Field, string Reason)
{
    /// <summary>The same as a sentence.</summary>
    public string Sentence => Field.Length == 0 ? $"row {Row} {Reason}" : $"row {Row}, \"{Field}\": {Reason}";

    internal InputFormatException In(string path) => new(path, Line, Sentence);
}

/// <summary>A row of a file of pairs: a pair, or what is wrong with it.</summary>
/// <param name="Number">1-based, the header not counted.</param>
/// <param name="Line">1-based line of the file on which it begins.</param>
/// <param name="Pair">The pair; null for a broken row.</param>
/// <param name="Problem">What is wrong; null for a sound row.</param>
public sealed record PairRow(int Number, long Line, PreferencePair? Pair, PairProblem? Problem);

/// <summary>A field of a pair that breaks the rules; becomes a <see cref="PairProblem"/> where the row is known.</summary>
internal sealed class PairFieldException(string field, string reason, Exception? inner = null) : AgenticException(reason, inner)
{
    public string Field { get; } = field;

    /// <summary>Reads a field; whatever is wrong inside it is said of that field.</summary>
    public static T In<T>(string field, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InputFormatException problem)
        {
            throw new PairFieldException(field, problem.Reason, problem);
        }
    }
}
