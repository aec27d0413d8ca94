using Agentic.Benchmarks;

return args switch
{
    ["ppr", var peers] => PprBenchmark.Run(peers),
    ["fit-relevance", var data] => FitRelevance.Run(data),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: Agentic.Benchmarks VERB ...
          ppr PEERS_DIR         Personalized PageRank against igraph; PEERS_DIR holds gen_graph.py and ppr_peers.py; writes docs/results/ppr.json
          fit-relevance DATA    fits the constants of sim_R and judges them on single-hop subqueries; writes docs/results/relevance.json
        """);
    return 2;
}
