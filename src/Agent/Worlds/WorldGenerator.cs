using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Makes fictional worlds: what happens in them is drawn, how it is written and asked for comes from one file of phrasings.</summary>
/// <remarks>A world depends on options and seed alone. Safe for concurrent use.</remarks>
public sealed class WorldGenerator
{
    private readonly WorldOptions _options;

    /// <summary>A generator with checked options.</summary>
    /// <exception cref="OptionsException">A value is out of its range.</exception>
    public WorldGenerator(WorldOptions options) => _options = OptionsGuard.Checked(options);

    /// <summary>A world with exactly the documents and questions of the options.</summary>
    /// <exception cref="WorldTooSmallException">It cannot carry that many questions; names the most it can.</exception>
    public World Generate(Seed seed)
    {
        var lexicon = WorldLexicon.Default;
        var facts = WorldPopulation.Create(lexicon, _options.Documents, _options.Split, seed);
        new WorldLinks(lexicon, facts, seed.Derive("links").ToRandom()).Create();
        var documents = new WorldDocuments(facts, seed.Derive("documents").ToRandom()).Write();
        var questions = new WorldQuestions(lexicon, facts, _options, seed.Derive("questions")).Draw();
        return new World(documents, [.. facts.Triplets()], questions);
    }
}
