using System.Collections.Concurrent;
using Lucene.Net.Tartarus.Snowball.Ext;

namespace Agentic.Retrieval;

/// <summary>Porter stems of lower-case words, by Lucene's Snowball program, remembered.</summary>
internal static class PorterStemming
{
    private static readonly ConcurrentDictionary<string, string> Stems = new(StringComparer.Ordinal);

    /// <summary>The stem of one lower-case word.</summary>
    public static string Stem(string word) => Stems.GetOrAdd(word, static word =>
    {
        var stemmer = new PorterStemmer();
        stemmer.SetCurrent(word);
        stemmer.Stem();
        return stemmer.Current;
    });
}
