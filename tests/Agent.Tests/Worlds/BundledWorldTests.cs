using Agentic.Agent;
using Agentic.Retrieval;
using Agentic.TestSupport;

namespace Agentic.Agent.Tests.Worlds;

public sealed class BundledWorldTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "corpora", "worlds");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sample_is_what_its_recipe_makes()
    {
        var world = new WorldGenerator(new WorldOptions { Split = WorldSplit.Test, Documents = 30, Questions = 60 }).Generate(new Seed(1));
        var root = Directory.CreateTempSubdirectory("agentic-sample-").FullName;
        try
        {
            await WorldFolder.WriteAsync(world, Path.Combine(root, "sample"), Cancel);

            Assert.All(Directory.GetFiles(Path.Combine(root, "sample")), file =>
                Assert.Equal(File.ReadAllText(Path.Combine(Folder, "sample", Path.GetFileName(file))), File.ReadAllText(file)));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    // The words are a person's; what they ask for is checked against the facts.
    [Fact]
    public async Task The_paraphrased_questions_are_a_hundred_or_more_and_rest_on_the_facts_of_their_world()
    {
        var world = await WorldFolder.ReadAsync(Path.Combine(Folder, "paraphrased"), Cancel);
        var facts = world.Triplets.Select(triplet => new Fact(triplet.Head, triplet.Relation, triplet.Tail)).ToHashSet();

        Assert.True(world.Questions.Count >= 100);
        Assert.Equal(world.Questions.Count, world.Questions.Select(question => question.Text).Distinct(StringComparer.Ordinal).Count());
        Assert.All(world.Questions, question =>
        {
            Assert.Equal("paraphrase", question.HeldOut);
            Assert.All(question.Decomposition.SelectMany(step => step.Triplets), fact => Assert.Contains(fact, facts));
            Assert.Contains(question.Decomposition[0].Entities[0], question.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(question.Text, Phrased(question));
        });
    }

    [Fact]
    public async Task No_name_of_the_paraphrased_world_can_be_one_of_a_train_world()
    {
        var fixedWords = WorldLexicon.Default.Kinds.SelectMany(kind => kind.Names).SelectMany(pattern => pattern.Split(' ')).ToHashSet(StringComparer.Ordinal);
        var world = await WorldFolder.ReadAsync(Path.Combine(Folder, "paraphrased"), Cancel);

        Assert.All(
            world.Documents.SelectMany(document => document.Title.Split(" (")[0].Split(' ')).Where(word => !fixedWords.Contains(word)),
            word => Assert.Equal(WorldSplit.Test, NameMint.SplitOf(word)));
    }

    // The phrasings of a single hop for the same thing.
    private static IEnumerable<string> Phrased(Question question) =>
        question.Decomposition[^1].Triplets.SelectMany(fact => WorldLexicon.Default.Relation(fact.Relation).Asks.Select(form => WorldLexicon.Default.Fill(form.Text, fact.Head)));
}
