using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Agent.Tests.Worlds;

public sealed class WorldGeneratorTests
{
    private static readonly Dictionary<(WorldSplit, HeldOut), World> Made = [];

    [Theory]
    [InlineData(20, 40)]
    [InlineData(60, 200)]
    [InlineData(61, 1)]
    [InlineData(400, 1500)]
    public void Counts_are_exact(int documents, int questions)
    {
        var world = new WorldGenerator(new WorldOptions { Documents = documents, Questions = questions }).Generate(new Seed(5));

        Assert.Equal(documents, world.Documents.Count);
        Assert.Equal(questions, world.Questions.Count);
        Assert.Equal(questions, world.Questions.Select(question => question.Text).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_seed_gives_one_world_and_another_seed_another()
    {
        string Text(ulong seed) => string.Join('\n', Lines(new WorldGenerator(new WorldOptions()).Generate(new Seed(seed))));

        Assert.Equal(Text(3), Text(3));
        Assert.NotEqual(Text(3), Text(4));
    }

    [Fact]
    public void More_questions_than_a_world_carries_are_refused_with_the_most_it_does()
    {
        var refused = Assert.Throws<WorldTooSmallException>(() => new WorldGenerator(new WorldOptions { Documents = 20, Questions = 100_000 }).Generate(new Seed(1)));

        var most = new WorldGenerator(new WorldOptions { Documents = 20, Questions = refused.Most }).Generate(new Seed(1));

        Assert.Equal(refused.Most, most.Questions.Count);
        Assert.Contains($"at most {refused.Most} questions", refused.Message, StringComparison.Ordinal);
        Assert.Throws<WorldTooSmallException>(() => new WorldGenerator(new WorldOptions { Documents = 20, Questions = refused.Most + 1 }).Generate(new Seed(1)));
    }

    // Of 90 questions by the shares 160, 150, 80 and 80 of 1000: 14, 12, 7 and 6 of comparisons, yes-no, intersections and unanswerable, within rounding by group.
    [Fact]
    public void An_even_mix_asks_the_rare_kinds_as_often_as_its_shares_say()
    {
        int[] Counts(QuestionMix mix)
        {
            var world = new WorldGenerator(new WorldOptions { Questions = 90, Mix = mix }).Generate(new Seed(2));
            return [.. new[] { "comparison", "yes_no", "intersection", "unanswerable" }.Select(type => world.Questions.Count(question => question.Type == type))];
        }

        Assert.All(Counts(QuestionMix.Even).Zip([14, 13, 7, 7]), pair => Assert.InRange(pair.First, pair.Second - 2, pair.Second + 2));
        Assert.All(Counts(QuestionMix.Chains).Zip([5, 4, 2, 3]), pair => Assert.InRange(pair.First, pair.Second - 2, pair.Second + 2));
    }

    [Fact]
    public void A_train_world_has_nothing_held_out() =>
        Assert.Throws<OptionsException>(() => new WorldGenerator(new WorldOptions { HeldOut = HeldOut.Template }));

    // Endings such as "River" and trades in brackets belong to kinds; every other word of a title is a name.
    [Fact]
    public void Worlds_of_different_splits_share_no_name()
    {
        var words = Enum.GetValues<WorldSplit>().Select(split => NamesIn(Of(split)).ToHashSet(StringComparer.Ordinal)).ToArray();

        Assert.All(words, set => Assert.True(set.Count > 80));
        Assert.Empty(words[0].Intersect(words[1]));
        Assert.Empty(words[0].Intersect(words[2]));
        Assert.Empty(words[1].Intersect(words[2]));
    }

    [Fact]
    public void A_name_belongs_to_one_entity_unless_brackets_tell_its_bearers_apart()
    {
        var world = Of(WorldSplit.Train);

        Assert.Equal(world.Documents.Count, world.Documents.Select(document => document.Title).Distinct(StringComparer.Ordinal).Count());
        var owners = from document in world.Documents from word in NamesIn(document.Title) group document.Title.Split(" (")[0] by word into titles select titles.Distinct(StringComparer.Ordinal).Count();
        Assert.All(owners, count => Assert.Equal(1, count));
        Assert.Contains(world.Documents.GroupBy(document => document.Title.Split(" (")[0], StringComparer.Ordinal), namesakes => namesakes.Count() == 2);
    }

    [Fact]
    public void A_document_is_short_and_one_chunk()
    {
        var chunker = new Chunker(new ChunkerOptions());

        Assert.All(Of(WorldSplit.Train).Documents, document =>
        {
            Assert.InRange(document.Text.Split(". ").Length, 2, 5);
            Assert.InRange(document.Text.Split(' ').Length, 5, 80);
            Assert.Equal([document.Id], chunker.Cut(document).Select(chunk => chunk.Id));
            Assert.DoesNotContain('{', document.Text);
        });
    }

    [Fact]
    public void There_are_at_least_ten_kinds_and_twenty_five_relations_and_every_type_of_question()
    {
        var world = Of(WorldSplit.Test);

        Assert.True(world.Documents.Select(document => WorldLexicon.Default.KindOf(document.Title).Name).Distinct().Count() >= 10);
        Assert.True(world.Triplets.Select(triplet => triplet.Relation).Distinct().Count() >= 25);
        Assert.Equal(
            ["bridge", "comparison", "intersection", "lookup", "temporal", "unanswerable", "yes_no"],
            world.Questions.Select(question => question.Type).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal([1, 2, 3, 4], world.Questions.Select(question => question.Hops!.Value).Distinct().Order());
    }

    [Fact]
    public void Two_way_questions_are_balanced()
    {
        var world = new WorldGenerator(new WorldOptions { Documents = 600, Questions = 3000 }).Generate(new Seed(8));

        var yesNo = world.Questions.Where(question => question.Type == "yes_no").ToArray();
        Assert.All(
            yesNo.GroupBy(question => (question.Decomposition[0].Triplets[0].Relation, question.Decomposition[1].Summary!.Contains(" are ", StringComparison.Ordinal))),
            form => Assert.Equal(form.Count(), 2 * form.Count(question => question.Answers[0] == "yes")));

        // 180 fair draws: the first one wins 90 times with a standard deviation of 6.7.
        var compared = world.Questions.Where(question => question.Type == "comparison").ToArray();
        Assert.InRange(compared.Count(question => question.Decomposition[0].Entities[0] == question.Answers[0]), (compared.Length / 2) - 24, (compared.Length / 2) + 24);
    }

    [Fact]
    public void What_is_held_out_is_marked_and_nothing_else()
    {
        var world = Of(WorldSplit.Test, HeldOut.Template | HeldOut.Composition);

        Assert.Equal(["composition", "none", "template"], world.Questions.Select(question => question.HeldOut!).Distinct().Order(StringComparer.Ordinal));
        Assert.All(world.Questions.Concat(Of(WorldSplit.Train).Questions).Concat(Of(WorldSplit.Test).Questions), question =>
        {
            Assert.Equal(question.HeldOut == "template", HasHeldOutWords(question));
            Assert.Equal(question.HeldOut == "composition", HasHeldOutPair(question));
        });
        Assert.All(Of(WorldSplit.Test).Questions, question => Assert.Equal("none", question.HeldOut));
    }

    internal static World Of(WorldSplit split, HeldOut heldOut = HeldOut.None)
    {
        lock (Made)
        {
            if (!Made.TryGetValue((split, heldOut), out var world))
            {
                Made.Add((split, heldOut), world = new WorldGenerator(new WorldOptions { Split = split, HeldOut = heldOut, Documents = 120, Questions = 600 }).Generate(new Seed(11)));
            }

            return world;
        }
    }

    private static IEnumerable<string> Lines(World world) =>
        [.. world.Documents.Select(document => document.ToString()), .. world.Triplets.Select(triplet => triplet.Text), .. world.Questions.Select(question => question.Text)];

    private static IEnumerable<string> NamesIn(World world) => world.Documents.SelectMany(document => NamesIn(document.Title));

    private static IEnumerable<string> NamesIn(string title)
    {
        var fixedWords = WorldLexicon.Default.Kinds.SelectMany(kind => kind.Names).SelectMany(pattern => pattern.Split(' ')).ToHashSet(StringComparer.Ordinal);
        return title.Split(" (")[0].Split(' ').Where(word => !fixedWords.Contains(word));
    }

    // The words of a phrasing between its slots, where it has any that no phrasing of training has.
    private static bool HasHeldOutWords(Question question)
    {
        var used = question.Decomposition.SelectMany(step => step.Triplets).Select(fact => WorldLexicon.Default.Relation(fact.Relation)).ToList();
        if (question.Type == "unanswerable")
        {
            var entity = question.Decomposition[^1].Entities[0];
            used.Add(WorldLexicon.Default.Relations.First(relation => relation.Step.Length > 0 && WorldLexicon.Default.Fill(relation.Step, entity) == question.Decomposition[^1].Text));
        }

        var forms = used.SelectMany(relation => relation.Roles.Concat(relation.Asks).Concat(relation.Dated).Concat(relation.Joined).Concat(relation.Pairs.SelectMany(forms => forms)));
        return forms.Where(form => form.HeldOut && form.Text.Contains("{0}", StringComparison.Ordinal)).Any(form => Pieces(form.Text).All(piece => question.Text.Contains(piece, StringComparison.OrdinalIgnoreCase)));
    }

    private static IEnumerable<string> Pieces(string form) => form.Split(["{0}", "{1}"], StringSplitOptions.RemoveEmptyEntries).Select(piece => piece.TrimEnd('?')).Where(piece => piece.Trim().Length > 0);

    private static bool HasHeldOutPair(Question question)
    {
        var relations = question.Decomposition.SelectMany(step => step.Triplets).Select(fact => fact.Relation).ToArray();
        return question.Type is "bridge" or "temporal" && question.Decomposition.Count == relations.Length && relations.Zip(relations.Skip(1), ChainQuestions.IsHeldOut).Contains(true);
    }
}
