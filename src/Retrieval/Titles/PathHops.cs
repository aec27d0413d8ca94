namespace Agentic.Retrieval;

/// <summary>Words the hops of an explanation: the name or sentence that carries each link.</summary>
internal static class PathHops
{
    /// <summary>From a name of the question to a chunk of that title.</summary>
    public static PathHop ByName(string question, LinkedQuestion linked, TitleLink link, TitleNode title, Chunk chunk)
    {
        var name = question[linked.Words.Starts[link.Start]..linked.Words.Ends[link.End - 1]];
        return new PathHop(name, title.Title, chunk.Id, link.Score);
    }

    /// <summary>From the question's rarest word that a chunk has to that chunk, by the sentence that has it.</summary>
    public static PathHop ByWord(string question, WordSequence words, CorpusNames names, int chunk, double weight)
    {
        var text = names.Corpus.Texts[chunk];
        var (rarest, at, information) = (-1, -1, 0.0);
        for (var i = 0; i < words.Length; i++)
        {
            if (words.Roots[i] >= 0
                && names.Statistics.IdfOf(words.Words[i]) is var idf && idf > information
                && Array.IndexOf(text.Roots, words.Roots[i]) is var position and >= 0)
            {
                (rarest, at, information) = (i, position, idf);
            }
        }

        var from = rarest < 0 ? question : question[words.Starts[rarest]..words.Ends[rarest]];
        return new PathHop(from, Sentence(names.Corpus, chunk, at), names.Corpus.Chunks[chunk].Id, weight);
    }

    /// <summary>The sentence of a chunk around a word; its title when the position is -1.</summary>
    public static string Sentence(AnalyzedCorpus corpus, int chunk, int position)
    {
        var text = corpus.Chunks[chunk].Text;
        return position < 0 ? corpus.Chunks[chunk].Title : text[SentenceSplitter.Split(text)[corpus.Texts[chunk].Sentences[position]]];
    }
}
