using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Turns segments into token ids and says which of them are trained: the one place where a mask is made.</summary>
/// <remarks>
/// <para>Trained are exactly the tokens the policy wrote, its end-of-turn token included; prompt, evidence and whatever the system wrote never are. In a pair nothing of the
/// prompt is, whoever wrote it.</para>
/// <para>
/// Recorded ids are taken as they are, after a check that they spell the segment's text; only a segment without ids is tokenised from its text,
/// on its own, and counted. Text behind the recorded ids, such as a newline the system had to add, becomes tokens that are not trained.
/// </para>
/// </remarks>
public sealed class RowTokenizer(ModelTokenizer tokenizer)
{
    /// <summary>Segments whose ids had been recorded when they were written.</summary>
    public int RecordedSegments { get; private set; }

    /// <summary>Policy segments without recorded ids, tokenised from their text and trained on.</summary>
    public int PolicySegmentsFromText { get; private set; }

    /// <summary>Other segments without recorded ids, tokenised from their text: nothing is trained on them.</summary>
    public int OtherSegmentsFromText { get; private set; }

    /// <summary>The row of one trajectory or demonstration.</summary>
    /// <exception cref="RowException">Recorded ids are not of this vocabulary or spell another text, or nothing was written by the policy.</exception>
    public TokenizedRow Tokenize(string id, IReadOnlyList<Segment> segments)
    {
        var draft = Opening();
        Append(draft, segments, new Place($"row {id}", ""), isPrompt: false);
        var row = draft.Row(id);
        return row.TrainedTokens > 0 ? row : throw new RowException($"row {id} has no token written by the policy, so there is nothing to train on; remove the row");
    }

    /// <summary>Both rows of a pair; what the policy wrote in the prompt they share is read and not trained.</summary>
    /// <exception cref="RowException">As for a row, of either side; or both sides come to the same tokens.</exception>
    public TokenizedPair Tokenize(PreferencePair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        var prompt = Opening();
        var opening = prompt.Ids.Count;
        Append(prompt, pair.Prompt, new Place($"pair {pair.Id}, prompt", "prompt"), isPrompt: true);
        var tokenized = new TokenizedPair(pair.Id, opening, prompt.Ids.Count, Side("chosen", pair.Chosen), Side("rejected", pair.Rejected));
        return tokenized.PartsAt is null ? throw new RowException($"pair {pair.Id}: both sides come to the same tokens, so nothing is preferred; remove the row", "rejected") : tokenized;

        TokenizedRow Side(string name, IReadOnlyList<Segment> segments)
        {
            var draft = prompt.Copy();
            var place = new Place($"pair {pair.Id}, {name}", name);
            Append(draft, segments, place, isPrompt: false);
            var row = draft.Row($"{pair.Id}/{name}");
            return row.TrainedTokens > 0 ? row : throw new RowException($"{place.Row}: has no trained token, so there is nothing to compare; remove the row", name);
        }
    }

    private Draft Opening()
    {
        var draft = new Draft([], []);
        draft.Append(tokenizer.BosId is { } bos ? [bos] : [], 0, Author.Prompt, isTrained: false);
        return draft;
    }

    private void Append(Draft draft, IReadOnlyList<Segment> segments, Place place, bool isPrompt)
    {
        for (var index = 0; index < segments.Count; index++)
        {
            var segment = segments[index];
            var isPolicy = segment.Author == Author.Policy;
            if (segment.TokenIds is { } recorded)
            {
                var rest = TextBehind(recorded, segment, place with { Row = $"{place.Row}, segment {index + 1}" });
                draft.Append(recorded, segment.Step, segment.Author, isPolicy && !isPrompt);
                draft.Append(tokenizer.Encode(rest), segment.Step, Author.Tool, isTrained: false);
                RecordedSegments++;
            }
            else
            {
                IReadOnlyList<int> encoded = isPolicy ? [.. tokenizer.Encode(segment.Text), tokenizer.EndId] : tokenizer.Encode(segment.Text);
                draft.Append(encoded, segment.Step, segment.Author, isPolicy && !isPrompt);
                PolicySegmentsFromText += isPolicy && !isPrompt ? 1 : 0;
                OtherSegmentsFromText += isPolicy && !isPrompt ? 0 : 1;
            }
        }
    }

    /// <summary>What of the segment's text the recorded ids do not spell.</summary>
    private string TextBehind(IReadOnlyList<int> recorded, Segment segment, Place place)
    {
        foreach (var id in recorded)
        {
            if (id < 0 || id >= tokenizer.VocabularySize)
            {
                throw new RowException($"{place.Row}: token id {id} is outside the vocabulary of {tokenizer.VocabularySize} tokens; the ids were recorded with another tokenizer", place.Field);
            }
        }

        var spelt = tokenizer.Decode(recorded);
        return segment.Text.StartsWith(spelt, StringComparison.Ordinal)
            ? segment.Text[spelt.Length..]
            : throw new RowException($"{place.Row}: the recorded token ids spell {Quoted(spelt)} but the text is {Quoted(segment.Text)}; the ids were recorded with another tokenizer, or one of the two was edited", place.Field);
    }

    private static string Quoted(string text) => '"' + (text.Length <= 60 ? text : text[..57] + "...").ReplaceLineEndings("\\n") + '"';

    /// <summary>Where a segment stands, for messages, and the field it comes from.</summary>
    private readonly record struct Place(string Row, string Field);

    /// <summary>A row as far as it has come.</summary>
    private sealed record Draft(List<int> Ids, List<TokenSpan> Spans)
    {
        public Draft Copy() => new([.. Ids], [.. Spans]);

        public TokenizedRow Row(string id) => new(id, Ids, Spans);

        public void Append(IReadOnlyList<int> added, int step, Author author, bool isTrained)
        {
            if (added.Count > 0)
            {
                Spans.Add(new TokenSpan(Ids.Count, added.Count, step, author, isTrained));
                Ids.AddRange(added);
            }
        }
    }
}

/// <summary>A row that cannot be trained on; the message names the row and the fix.</summary>
/// <param name="reason">What is wrong with which row.</param>
/// <param name="field">The field of a pair it is about; empty for the row as a whole.</param>
public sealed class RowException(string reason, string field = "") : AgenticException(reason)
{
    /// <summary>The field of a pair to look at; empty for the row as a whole.</summary>
    public string Field { get; } = field;
}
