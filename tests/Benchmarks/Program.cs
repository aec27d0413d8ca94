using System.Globalization;
using Agentic.Benchmarks;

var (words, data, problem) = DataOption.Take(args);
return words switch
{
    ["ppr", var peers] => PprBenchmark.Run(peers),
    ["ppr", var peers, var mostNodes] => PprBenchmark.Run(peers, int.Parse(mostNodes, CultureInfo.InvariantCulture)),
    ["collector"] => await CollectorBenchmark.RunAsync(100_000),
    ["collector", var trajectories] => await CollectorBenchmark.RunAsync(int.Parse(trajectories, CultureInfo.InvariantCulture)),
    ["decode"] => await DecodeBenchmark.RunAsync(),
    ["attention"] => AttentionBenchmark.Run(),
    ["training", var peers] => TrainingBenchmark.Run(peers),
    ["preference"] => await PreferenceBenchmark.RunAsync(),
    ["preference-speed"] => PreferenceSpeedBenchmark.Run(),
    ["logprobs"] => LogProbsBenchmark.Run(),
    ["trajectories", var model, var index, var questions] => await TrajectoriesBenchmark.RunAsync(model, index, questions),
    ["worlds"] => await WorldsBenchmark.RunAsync(),
    ["preference-task", var folder, var seed] => await PreferenceTaskFolder.WriteAsync(folder, seed),
    ["world-policy", _, ..] => await WorldPolicyBenchmark.RunAsync(words[1..]),
    ["own-corpus"] => await OwnCorpus.RunAsync(shown: false),
    ["own-corpus", "errors"] => await OwnCorpus.RunAsync(shown: true),
    ["evidence" or "fit-relevance" or "graph-retrieval" or "indexing" or "qa" or "retrieval" or "symbolic", ..] when problem is not null => Refuse(problem),
    ["evidence"] => await EvidenceBenchmark.RunAsync(data),
    ["fit-relevance"] => await FitRelevance.RunAsync(data),
    ["graph-retrieval"] => await GraphRetrieval.RunAsync(data),
    ["indexing"] => await IndexingBenchmark.RunAsync(data),
    ["qa"] => await QaBenchmark.RunAsync(data),
    ["retrieval"] => await RetrievalBenchmark.RunAsync(data),
    ["symbolic", var set, var mode, .. var errors] when errors.Length <= 1 => await SymbolicQuality.RunAsync(data, set, mode, errors.FirstOrDefault()),
    _ => Refuse("""
        usage: dotnet run -c Release --project tests/Benchmarks -- VERB ... [--data DIR]
          collector [N]         N (100,000) scripted trajectories collected, scored and paired: overhead, bytes, peak memory; writes docs/results/collector.json
          decode                generation on the CPU: tokens a second by sequences side by side, cost of a late token; writes docs/results/decode.json
          attention             causal attention with its gradients, the managed kernel against libtorch's; writes docs/results/attention.json
          preference            a preference that only the prompt decides, learnt from pairs by six objectives and three seeds; writes docs/results/preference.json
          preference-speed      whole updates on pairs against supervised ones, the reference on the fly and stored; writes docs/results/preference-speed.json
          logprobs              token log-probabilities at a vocabulary of 32,768, plain against chunked: peak memory and time; writes docs/results/logprobs.json
          own-corpus [errors]   the whole path on corpora/averra, wrong answers of the tuning part listed; writes docs/results/own-corpus.json and own-corpus-types.json
          worlds                test worlds under the symbolic policy beside two controls, and how long worlds and demonstrations take; writes docs/results/worlds.json and world-speed.json
          preference-task DIR SEED   writes pairs that only preferences tell apart: train, held out, with shuffled labels, and demonstrations of both forms; says what a probe can tell
          ppr PEERS_DIR         Personalized PageRank against igraph; PEERS_DIR holds gen_graph.py and ppr_peers.py; writes docs/results/ppr.json
          trajectories MODEL_DIR INDEX_DIR QUESTIONS_FILE   attempts a second of a trained model at concurrency 1, 16 and 64; writes docs/results/trajectories.json
          world-policy MODEL_DIR ...   trained policies on a test world and on the questions worded by hand, the symbolic policy beside them; writes docs/results/world-policy.json
          training PEERS_DIR    whole updates against PyTorch and as a share of matrix products; PEERS_DIR holds llama_torch.py; writes docs/results/training.json
        on the public data, DIR or AGENTIC_DATA:
          evidence              every evidence mode under the symbolic policy, tokens and answer recall against chunks alone; writes docs/results/evidence.json
          fit-relevance         fits the constants of sim_R and judges them on single-hop subqueries; writes docs/results/relevance.json
          graph-retrieval       recall of bm25, title-hop and graph, and under stress; writes docs/results/graph-retrieval.json
          indexing              seconds to index 2Wiki with rule triplets, BM25 ms a query; writes docs/results/indexing.json
          qa                    the symbolic policy on every set, every mode, by type, and with shuffled evidence; writes docs/results/qa.json
          retrieval             BM25 on the public sets, both analyzers, exact and stock lengths; writes docs/results/bm25.json
          symbolic SET MODE [ERRORS]   the symbolic policy on a set's development half, by type; MODE kag, chunks, graph, concat, or one with -shuffled
        """),
};

static int Refuse(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}
