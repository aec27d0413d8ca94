using Agentic.Benchmarks;

return args switch
{
    ["ppr", var peers] => PprBenchmark.Run(peers),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: Agentic.Benchmarks VERB ...
          ppr PEERS_DIR    Personalized PageRank against igraph; PEERS_DIR holds gen_graph.py and ppr_peers.py; writes docs/results/ppr.json
        """);
    return 2;
}
