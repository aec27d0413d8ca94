namespace Agentic.Retrieval;

/// <summary>Everything about names that depends on the whole corpus, frozen once from the live chunks of an index and shared by whoever ranks or links.</summary>
internal sealed class CorpusNames
{
    private readonly Lazy<TitleMention[][]> _mentions;
    private readonly Lazy<PhraseIndex> _phrases;
    private readonly Lazy<StemIndex> _stems;

    public CorpusNames(ChunkIndex index)
    {
        Corpus = AnalyzedCorpus.Read(index);
        Titles = TitleIndex.Build(Corpus);
        Statistics = new WordStatistics(Corpus);
        Aliases = new AliasSearch(Titles, Statistics);
        Questions = new QuestionLinker(Titles, Statistics, Aliases);
        _mentions = new(() => TitleMentions.Find(Titles, Statistics, Aliases));
        _phrases = new(() => PhraseIndex.Build(Corpus, Statistics));
        _stems = new(() => new StemIndex(Corpus));
    }

    public AnalyzedCorpus Corpus { get; }

    public TitleIndex Titles { get; }

    public WordStatistics Statistics { get; }

    public AliasSearch Aliases { get; }

    public QuestionLinker Questions { get; }

    /// <summary>For each chunk the other titles it mentions, in text order.</summary>
    public TitleMention[][] Mentions => _mentions.Value;

    public PhraseIndex Phrases => _phrases.Value;

    public StemIndex Stems => _stems.Value;
}
