using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Turns segments into token ids and says which of them are trained: the one place where a mask is made.</summary>
/// <remarks>
/// <para>Trained are exactly the tokens the policy wrote, its end-of-turn token included; prompt, evidence and whatever the system wrote never are.</para>
/// <para>
/// Recorded ids are taken as they are, after a check that they spell the segment's text; only a segment without ids is tokenised from its text,
/// on its own, and counted. Text behind the recorded ids, such as a newline the system had to add, becomes tokens that are not trained.
/// </para>
/// </remarks>
public sealed class RowTokenizer(ModelTokenizer tokenizer)
{
    /// <summary>Segments whose ids had been recorded when they were written.</summary>
    public int RecordedSegments { get; private set; }

    /// <summary>Policy segments without recorded ids, tokenised from their text.</summary>
    public int PolicySegmentsFromText { get; private set; }

    /// <summary>Prompt and tool segments without recorded ids, tokenised from their text: nothing is trained on them.</summary>
    public int OtherSegmentsFromText { get; private set; }

    /// <summary>The row of one trajectory or demonstration.</summary>
    /// <exception cref="RowException">Recorded ids are not of this vocabulary or spell another text, or nothing was written by the policy.</exception>
    public TokenizedRow Tokenize(string id, IReadOnlyList<Segment> segments)
    {
        var ids = new List<int>();
        var spans = new List<TokenSpan>();
        if (tokenizer.BosId is { } bos)
        {
            Append(ids, spans, [bos], 0, Author.Prompt, isTrained: false);
        }

        for (var index = 0; index < segments.Count; index++)
        {
            var segment = segments[index];
            var isPolicy = segment.Author == Author.Policy;
            if (segment.TokenIds is { } recorded)
            {
                var rest = TextBehind(recorded, segment, $"row {id}, segment {index + 1}");
                Append(ids, spans, recorded, segment.Step, segment.Author, isPolicy);
                Append(ids, spans, tokenizer.Encode(rest), segment.Step, Author.Tool, isTrained: false);
                RecordedSegments++;
            }
            else
            {
                IReadOnlyList<int> encoded = isPolicy ? [.. tokenizer.Encode(segment.Text), tokenizer.EndId] : tokenizer.Encode(segment.Text);
                Append(ids, spans, encoded, segment.Step, segment.Author, isPolicy);
                PolicySegmentsFromText += isPolicy ? 1 : 0;
                OtherSegmentsFromText += isPolicy ? 0 : 1;
            }
        }

        var row = new TokenizedRow(id, ids, spans);
        return row.TrainedTokens > 0 ? row : throw new RowException($"row {id} has no token written by the policy, so there is nothing to train on; remove the row");
    }

    private static void Append(List<int> ids, List<TokenSpan> spans, IReadOnlyList<int> added, int step, Author author, bool isTrained)
    {
        if (added.Count > 0)
        {
            spans.Add(new TokenSpan(ids.Count, added.Count, step, author, isTrained));
            ids.AddRange(added);
        }
    }

    /// <summary>What of the segment's text the recorded ids do not spell.</summary>
    private string TextBehind(IReadOnlyList<int> recorded, Segment segment, string where)
    {
        foreach (var id in recorded)
        {
            if (id < 0 || id >= tokenizer.VocabularySize)
            {
                throw new RowException($"{where}: token id {id} is outside the vocabulary of {tokenizer.VocabularySize} tokens; the ids were recorded with another tokenizer");
            }
        }

        var spelt = tokenizer.Decode(recorded);
        return segment.Text.StartsWith(spelt, StringComparison.Ordinal)
            ? segment.Text[spelt.Length..]
            : throw new RowException($"{where}: the recorded token ids spell {Quoted(spelt)} but the text is {Quoted(segment.Text)}; the ids were recorded with another tokenizer, or one of the two was edited");
    }

    private static string Quoted(string text) => '"' + (text.Length <= 60 ? text : text[..57] + "...").ReplaceLineEndings("\\n") + '"';
}

/// <summary>A row that cannot be trained on; the message names the row and the fix.</summary>
/// <param name="reason">What is wrong with which row.</param>
public sealed class RowException(string reason) : AgenticException(reason);
