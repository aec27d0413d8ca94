using Agentic.TestSupport;
using static Agentic.TestSupport.BundledCorpus;

namespace Agentic.Retrieval.Tests;

/// <summary>The project's own corpus agrees with itself: what its labels claim can be found in its text.</summary>
public sealed class BundledCorpusTests
{
    private static readonly string[] ClosedAnswers = ["yes", "no", "not stated"];
    private static readonly Dictionary<string, string> Text = Documents.ToDictionary(row => row.Id, row => EntityName.Key($"{row.Title} {row.Text}"));
    private static readonly Dictionary<string, TripletsRow> Gold = Triplets.ToDictionary(row => row.Id);
    private static readonly IReadOnlyList<QuestionRow> Questions = [.. Tuning, .. HeldOut];

    [Fact]
    public void It_is_as_large_as_promised_and_a_third_of_the_questions_is_held_out()
    {
        Assert.InRange(Documents.Count, 60, int.MaxValue);
        Assert.InRange(Questions.Count, 120, int.MaxValue);
        Assert.InRange(HeldOut.Count, Questions.Count / 3, int.MaxValue);
        Assert.Equal([1, 2, 3, 4], HeldOut.Select(row => row.Hops).Distinct().Order());
        Assert.Equal(Tuning.Select(row => row.Type).Distinct().Order(StringComparer.Ordinal), HeldOut.Select(row => row.Type).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_two_documents_and_no_two_questions_are_equal()
    {
        Assert.Distinct(Documents.Select(row => row.Id));
        Assert.Distinct(Documents.Select(row => row.Title));
        Assert.Distinct(Documents.Select(row => EntityName.Key(row.Text)));
        Assert.Distinct(Questions.Select(row => row.Id));
        Assert.Distinct(Questions.Select(row => EntityName.Key(row.Question)));
    }

    [Fact]
    public void Documents_mention_one_another()
    {
        var titles = Documents.ToDictionary(row => row.Id, row => EntityName.Key(row.Title.Split(" (")[0].Split(" of ")[0]));

        var isolated = Documents.Where(row => !Documents.Any(other => other.Id != row.Id && (Mentions(other.Id, titles[row.Id]) || Mentions(row.Id, titles[other.Id]))));

        Assert.Empty(isolated.Select(row => row.Id));
    }

    [Fact]
    public void Every_gold_triplet_can_be_read_in_its_document()
    {
        Assert.Equal(Documents.Select(row => row.Id), Triplets.Select(row => row.Id));
        var unread = from row in Triplets
                     from triple in row.Triples
                     where triple.Count != 3 || triple[1].Length == 0 || !Mentions(row.Id, triple[0]) || !Mentions(row.Id, triple[2])
                     select $"{row.Id}: {string.Join(" | ", triple)}";

        Assert.Empty(unread);
    }

    [Fact]
    public void The_entities_of_a_document_are_the_ends_of_its_triplets()
    {
        foreach (var row in Triplets)
        {
            Assert.Equal(row.Triples.SelectMany(triple => new[] { triple[0], triple[2] }).Distinct().Order(StringComparer.Ordinal), row.Entities);
        }
    }

    [Fact]
    public void Every_question_has_one_hop_for_each_step_and_its_gold_documents_are_those_of_the_hops()
    {
        foreach (var question in Questions)
        {
            Assert.Equal(question.Hops, question.Decomposition.Count);
            Assert.Equal(question.Gold, question.Decomposition.Select(hop => hop.Gold).Distinct());
            Assert.All(question.Gold, id => Assert.True(Text.ContainsKey(id), $"{question.Id}: no document {id}"));
        }
    }

    [Fact]
    public void Every_answer_and_the_answer_of_every_hop_can_be_read_in_the_gold_documents()
    {
        var unread = from question in Questions
                     let answers = question.Decomposition.Select(hop => (hop.Answer, Where: (IReadOnlyList<string>)[hop.Gold]))
                         .Append((question.Answers[0], question.Gold))
                     from answer in answers
                     where !ClosedAnswers.Contains(answer.Item1) && !answer.Item2.Any(id => Mentions(id, answer.Item1))
                     select $"{question.Id}: {answer.Item1}";

        Assert.Empty(unread);
    }

    [Fact]
    public void Every_evidence_triplet_is_a_gold_triplet_of_a_gold_document()
    {
        var unknown = from question in Questions
                      from triple in question.EvidenceTriples
                      where !question.Gold.Any(id => Gold[id].Triples.Any(gold => gold.SequenceEqual(triple)))
                      select $"{question.Id}: {string.Join(" | ", triple)}";

        Assert.Empty(unknown);
    }

    [Fact]
    public void A_question_ends_in_not_stated_exactly_when_its_type_says_so()
    {
        foreach (var question in Questions)
        {
            Assert.Equal(question.Type == "unanswerable", question.Answers[0] == "not stated");
            Assert.Equal(question.Type == "unanswerable", question.Decomposition[^1].Answer == "not stated");
            Assert.Equal(question.Type == "yes_no", question.Answers[0] is "yes" or "no");
        }
    }

    private static bool Mentions(string id, string phrase) => $" {Text[id]} ".Contains($" {EntityName.Key(phrase)} ", StringComparison.Ordinal);
}
