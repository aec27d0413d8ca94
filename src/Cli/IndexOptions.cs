using System.CommandLine;

namespace Agentic.Cli;

/// <summary>Options of the commands that write or read an index.</summary>
internal static class IndexOptions
{
    public static Option<string> Index() => new("--index") { Description = "Folder of an index made by 'index build'.", HelpName = "DIR", Required = true };

    public static Option<string> Corpus() => new("--corpus")
    {
        Description = "Documents: JSON Lines of {id, title, text} (also .gz), a BEIR folder, HotpotQA / 2WikiMultihopQA / MuSiQue files, or a folder of text and Markdown.",
        HelpName = "PATH",
        Required = true,
    };

    public static AliasOption Triplets() => new("--triplets", "triplets", "Where triplets come from: the built-in rules, a file of OpenIE JSON Lines, or nowhere.", "rules|FILE|none");

    public static AliasOption ChunkTokens() => new("--chunk-tokens", "index.chunking.chunkTokens", "Most O200k tokens of a chunk.", "N");

    public static AliasOption ChunkOverlap() => new("--chunk-overlap", "index.chunking.chunkOverlap", "Tokens of whole sentences repeated at the start of the next chunk.", "N");

    public static AliasOption Retriever() => new("--retriever", "retriever.kind", "How chunks are ranked.", string.Join('|', OptionKinds.Of(typeof(Retrieval.RetrieverOptions)).Keys));

    public static AliasOption Analyzer() => new("--analyzer", "retriever.analyzer", "How text becomes terms.", "plain|english");

    public static AliasOption K1() => new("--k1", "retriever.k1", "BM25: saturation of term frequency.", "X");

    public static AliasOption B() => new("--b", "retriever.b", "BM25: strength of length normalisation.", "X");

    public static AliasOption Mode() => new("--mode", "evidence.mode", "How evidence is selected.", string.Join('|', OptionsShape.EnumNames(typeof(Graph.EvidenceMode))));

    public static AliasOption Policy() => new("--policy", "policy.kind", "Who writes the steps and the answer.", string.Join('|', OptionKinds.Of(typeof(Agent.PolicyOptions)).Keys));

    public static AliasOption Endpoint() => new("--endpoint", "policy.endpoint", "Address of an OpenAI-compatible server, for --policy chat.", "URL");

    public static AliasOption Model() => new("--model", "policy.model", "Model of the endpoint for --policy chat, folder of a model for --policy local.", "NAME|DIR");

    public static Option<string> Questions() => new("--questions")
    {
        Description = "Questions: JSON Lines of {id, question, answers, gold} or {id, query, relevant}, BEIR queries with qrels, or HotpotQA / 2WikiMultihopQA / MuSiQue files.",
        HelpName = "FILE",
        Required = true,
    };
}
