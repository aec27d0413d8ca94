namespace Agentic.Retrieval;

/// <summary>Words of a chunk that repeat a name which other chunks write too.</summary>
/// <param name="Phrase">Number of the phrase.</param>
/// <param name="Start">Position of the first word in the text; -1 when only the title has it.</param>
/// <param name="End">Position after the last word in the text.</param>
internal readonly record struct PhraseMention(int Phrase, int Start, int End);

/// <summary>Where a phrase stands: the chunk, and which of the chunk's mentions it is.</summary>
internal readonly record struct PhraseOccurrence(int Chunk, int Mention);

/// <summary>Names of the texts that join chunks although no title says so: capitalised runs that a few chunks share.</summary>
internal sealed class PhraseIndex
{
    private const int MostChunks = 30;
    private readonly WordTrie _phrases = new();
    private readonly List<int> _wholeRuns = [];

    private PhraseIndex(int chunks) => Mentions = new PhraseMention[chunks][];

    /// <summary>First mention of each phrase in each chunk, but for those that too many share.</summary>
    public PhraseMention[][] Mentions { get; }

    /// <summary>For each phrase the chunks that have it, rising; empty for a phrase that too many share. A phrase of one chunk joins nothing, but a question may write it.</summary>
    public PhraseOccurrence[][] Occurrences { get; private set; } = [];

    /// <summary>
    /// For each phrase what it tells of a chunk, in (0, 1]: ln(1 + N/df) / ln(1 + 2N), for a single word times the share of its chunks in which it stands
    /// alone ("Stalin" often does, "Regional" is nearly always a part of some other name).
    /// </summary>
    public double[] Information { get; private set; } = [];

    /// <summary>Numbers of the phrases that begin at a position, shortest first.</summary>
    public void Match(WordSequence text, int at, List<int> found) => _phrases.Match(text.Words, at, found);

    public int[] WordsOf(int phrase) => _phrases[phrase];

    /// <summary>Freezes the phrases of a corpus.</summary>
    public static PhraseIndex Build(AnalyzedCorpus corpus, WordStatistics statistics)
    {
        var index = new PhraseIndex(corpus.Chunks.Count);
        for (var chunk = 0; chunk < corpus.Chunks.Count; chunk++)
        {
            index.Collect(corpus.Texts[chunk], statistics);
            index.Collect(corpus.Titles[chunk], statistics);
        }

        Parallel.For(0, corpus.Chunks.Count, chunk => index.Mentions[chunk] = index.InChunk(corpus, chunk));
        index.KeepShared();
        return index;
    }

    private void Collect(WordSequence text, WordStatistics statistics)
    {
        foreach (var (start, end) in CapitalRuns.Of(text, statistics.Vocabulary))
        {
            if (end - start > 1 || !text.SentenceStart[start] || statistics.IsUsuallyCapitalized(text.Words[start]))
            {
                var phrase = _phrases.Add(text.Words.AsSpan(start..end));
                if (phrase == _wholeRuns.Count)
                {
                    _wholeRuns.Add(0);
                }

                _wholeRuns[phrase]++;
            }
        }
    }

    private PhraseMention[] InChunk(AnalyzedCorpus corpus, int chunk)
    {
        var mentions = new List<PhraseMention>();
        var seen = new HashSet<int>();
        var found = new List<int>();
        foreach (var (text, inTitle) in new[] { (corpus.Texts[chunk], false), (corpus.Titles[chunk], true) })
        {
            for (var at = 0; at < text.Length; at++)
            {
                if (!text.Capitalized[at])
                {
                    continue;
                }

                Match(text, at, found);
                foreach (var phrase in found)
                {
                    var end = at + _phrases[phrase].Length;
                    if (text.Capitalized[end - 1] && seen.Add(phrase))
                    {
                        mentions.Add(inTitle ? new PhraseMention(phrase, -1, -1) : new PhraseMention(phrase, at, end));
                    }
                }
            }
        }

        return [.. mentions];
    }

    private void KeepShared()
    {
        var chunksOf = new int[_phrases.Count];
        foreach (var mention in Mentions.SelectMany(mentions => mentions))
        {
            chunksOf[mention.Phrase]++;
        }

        var occurrences = Array.ConvertAll(chunksOf, count => count <= MostChunks ? new List<PhraseOccurrence>(count) : []);
        for (var chunk = 0; chunk < Mentions.Length; chunk++)
        {
            Mentions[chunk] = Array.FindAll(Mentions[chunk], mention => chunksOf[mention.Phrase] <= MostChunks);
            for (var i = 0; i < Mentions[chunk].Length; i++)
            {
                occurrences[Mentions[chunk][i].Phrase].Add(new PhraseOccurrence(chunk, i));
            }
        }

        Occurrences = Array.ConvertAll(occurrences, list => list.ToArray());
        Information = [.. chunksOf.Select((chunks, phrase) => chunks == 0 ? 0 : InformationOf(phrase, chunks))];
    }

    private double InformationOf(int phrase, int chunks)
    {
        var rarity = Math.Log(1 + ((double)Mentions.Length / chunks)) / Math.Log(1 + (2.0 * Mentions.Length));
        return _phrases[phrase].Length > 1 ? rarity : rarity * Math.Min(1, (double)_wholeRuns[phrase] / chunks);
    }
}
