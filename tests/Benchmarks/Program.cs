using System.Globalization;
using Agentic.Benchmarks;

return args switch
{
    ["ppr", var peers] => PprBenchmark.Run(peers),
    ["ppr", var peers, var mostNodes] => PprBenchmark.Run(peers, int.Parse(mostNodes, CultureInfo.InvariantCulture)),
    ["fit-relevance", var data] => await FitRelevance.RunAsync(data),
    ["graph-retrieval", var data] => await GraphRetrieval.RunAsync(data),
    ["indexing", var data] => await IndexingBenchmark.RunAsync(data),
    ["retrieval", var data] => await RetrievalBenchmark.RunAsync(data),
    ["evidence", var data] => await EvidenceBenchmark.RunAsync(data),
    ["symbolic", var data, var set, var mode, .. var errors] => await SymbolicQuality.RunAsync(data, set, mode, errors.FirstOrDefault()),
    ["own-corpus"] => await OwnCorpus.RunAsync(shown: false),
    ["own-corpus", "errors"] => await OwnCorpus.RunAsync(shown: true),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: Agentic.Benchmarks VERB ...
          ppr PEERS_DIR         Personalized PageRank against igraph; PEERS_DIR holds gen_graph.py and ppr_peers.py; writes docs/results/ppr.json
          fit-relevance DATA    fits the constants of sim_R and judges them on single-hop subqueries; writes docs/results/relevance.json
          graph-retrieval DATA  recall of bm25, title-hop and graph, and under stress; writes docs/results/graph-retrieval.json
          indexing DATA         seconds to index 2Wiki with rule triplets, BM25 ms a query; writes docs/results/indexing.json
          retrieval DATA        BM25 on the public sets, both analyzers, exact and stock lengths; writes docs/results/bm25.json
          evidence DATA         every evidence mode under the symbolic policy, tokens and answer recall against chunks alone; writes docs/results/evidence.json
          symbolic DATA SET MODE [ERRORS]   the symbolic policy on a set's development half, by type; MODE kag, chunks, graph, concat, or one with -shuffled
          own-corpus [errors]   the whole path on corpora/averra, wrong answers of the tuning part listed; writes docs/results/own-corpus.json and own-corpus-types.json
        """);
    return 2;
}
