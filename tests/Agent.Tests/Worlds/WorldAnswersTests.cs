using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Agent.Tests.Worlds;

/// <summary>An oracle that knows the triplets alone follows the gold decompositions.</summary>
public sealed class WorldAnswersTests
{
    private static readonly World World = WorldGeneratorTests.Of(WorldSplit.Test, HeldOut.Template | HeldOut.Composition);
    private static readonly Dictionary<Fact, Triplet> Facts = World.Triplets.ToDictionary(triplet => new Fact(triplet.Head, triplet.Relation, triplet.Tail));

    [Fact]
    public void Every_step_rests_on_facts_that_its_gold_document_states()
    {
        var texts = World.Documents.ToDictionary(document => document.Id, document => document.Text, StringComparer.Ordinal);
        Assert.All(World.Questions, question =>
        {
            Assert.All(question.Decomposition, step => Assert.All(step.Triplets, fact =>
            {
                Assert.All(Facts[fact].SupportingChunkIds, id => Assert.True(
                    texts[id].Contains(fact.Tail, StringComparison.Ordinal) || texts[id].Contains(fact.Head, StringComparison.Ordinal), $"{id} states {fact}"));
            }));
            Assert.All(question.Decomposition.Where(step => step.Triplets.Count > 0), step => Assert.Contains(step.Gold!, Facts[step.Triplets[0]].SupportingChunkIds));
            Assert.All(question.Decomposition.Select(step => step.Gold!), gold => Assert.True(question.Relevant.ContainsKey(gold)));
            Assert.Equal(question.Hops, question.Decomposition.Count);
        });
    }

    [Fact]
    public void A_chain_goes_from_answer_to_entity_and_ends_with_the_answer()
    {
        Assert.All(World.Questions.Where(question => question.Type is "lookup" or "bridge" or "temporal"), question =>
        {
            Assert.All(question.Decomposition.Zip(question.Decomposition.Skip(1)), pair => Assert.Equal([pair.First.Answer], pair.Second.Entities));
            Assert.Equal(question.Answers[0], question.Decomposition[^1].Answer);
            Assert.Contains(question.Decomposition[0].Entities[0], question.Text, StringComparison.Ordinal);
            Assert.DoesNotContain($" {question.Answers[0]} ", question.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_relation_that_is_followed_has_one_value()
    {
        var values = World.Triplets.ToLookup(triplet => (triplet.Head, triplet.Relation));
        Assert.All(
            World.Questions.Where(question => question.Type is "lookup" or "bridge" or "comparison" or "yes_no").SelectMany(question => question.Decomposition),
            step => Assert.Single(values[(step.Triplets[0].Head, step.Triplets[0].Relation)]));
    }

    [Fact]
    public void A_comparison_is_won_by_its_answer()
    {
        Assert.All(World.Questions.Where(question => question.Type == "comparison"), question =>
        {
            var numbers = question.Decomposition.Select(step => int.Parse(step.Answer.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            var relation = WorldLexicon.Default.Relation(question.Decomposition[0].Triplets[0].Relation);
            var wantsLess = relation.Pairs["less"].Any(form => Fits(form, question));
            Assert.NotEqual(wantsLess, relation.Pairs["more"].Any(form => Fits(form, question)));
            Assert.Equal(question.Answers[0], question.Decomposition[numbers[0] < numbers[1] == wantsLess ? 0 : 1].Entities[0]);
            Assert.Equal(relation.Value == "year", question.Decomposition[^1].Summary!.Contains(numbers[0] < numbers[1] ? "is before" : "is after", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void A_yes_no_question_is_answered_by_its_values()
    {
        Assert.All(World.Questions.Where(question => question.Type == "yes_no"), question =>
        {
            var (first, second) = (question.Decomposition[0].Answer, question.Decomposition[1].Answer);
            var relation = WorldLexicon.Default.Relation(question.Decomposition[0].Triplets[0].Relation);
            var holds = relation.Pairs["same"].Any(form => Fits(form, question)) ? first == second : string.CompareOrdinal(first.PadLeft(20), second.PadLeft(20)) < 0;
            Assert.Equal(holds ? "yes" : "no", question.Answers[0]);
        });
    }

    [Fact]
    public void An_intersection_has_one_member()
    {
        Assert.All(World.Questions.Where(question => question.Type == "intersection"), question =>
        {
            var facts = question.Decomposition.Select(step => step.Triplets).ToArray();
            var members = facts.Length == 2
                ? facts[0].Select(fact => fact.Tail).Intersect(facts[1].Select(fact => fact.Tail))
                : World.Triplets.Where(triplet => triplet.Relation == "director" && triplet.Tail == question.Decomposition[0].Entities[0]).Select(triplet => triplet.Head)
                    .Intersect(World.Triplets.Where(triplet => triplet.Relation == "cast member" && triplet.Tail == question.Decomposition[0].Entities[1]).Select(triplet => triplet.Head));
            Assert.Equal(question.Answers, members);
        });
    }

    [Fact]
    public void What_is_unanswerable_is_stated_nowhere()
    {
        Assert.All(World.Questions.Where(question => question.Type == "unanswerable"), question =>
        {
            var last = question.Decomposition[^1];
            var asked = WorldLexicon.Default.Relations.Where(relation => relation.Step.Length > 0 && WorldLexicon.Default.Fill(relation.Step, last.Entities[0]) == last.Text).Select(relation => relation.Name).ToArray();
            Assert.NotEmpty(asked);
            Assert.DoesNotContain(World.Triplets, triplet => triplet.Head == last.Entities[0] && asked.Contains(triplet.Relation));
            Assert.Equal([ProtocolText.NotStated], question.Answers);
        });
    }

    private static bool Fits(Phrasing form, Question question) =>
        WorldLexicon.Default.Fill(form.Text, question.Decomposition[0].Entities[0], question.Decomposition[1].Entities[0]) == question.Text;
}
