using Agentic.Agent;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.Benchmarks;

/// <summary>
/// A task that a small model can only learn from preferences: two persons of a world, evidence that states the birth of one and the death of the other, and two forms of the next step,
/// equally long in tokens. Chosen is the one that asks for the birth that is not yet known.
/// </summary>
/// <remarks>
/// Every two persons make two pairs, with the parts of the evidence exchanged, so each form is chosen as often as it is rejected and tells nothing by itself. The facts are the world's own.
/// Training uses a train world, the held-out pairs a test world; the two share no name.
/// </remarks>
internal sealed class PreferenceTask
{
    private const int MostPromptTokens = 60;
    private const int Vocabulary = 512;
    private const int Documents = 2500;

    private readonly ModelTokenizer _tokenizer;

    private PreferenceTask(ModelTokenizer tokenizer, IReadOnlyList<PreferencePair> train, IReadOnlyList<PreferencePair> heldOut) =>
        (_tokenizer, Train, HeldOut) = (tokenizer, train, heldOut);

    public IReadOnlyList<PreferencePair> Train { get; }

    public IReadOnlyList<PreferencePair> HeldOut { get; }

    /// <summary>Tokens of the longest prompt.</summary>
    public int LongestPrompt => Train.Concat(HeldOut).Max(pair => pair.Prompt.Sum(segment => _tokenizer.Encode(segment.Text).Count));

    /// <summary>Tokens of the longest form.</summary>
    public int LongestForm => Train.Concat(HeldOut).Max(pair => _tokenizer.Encode(pair.Chosen[0].Text).Count);

    /// <summary>Makes the task, and its vocabulary in a folder.</summary>
    /// <param name="trainPairs">Even number of pairs to train on.</param>
    /// <param name="heldOutPairs">Even number of pairs to judge by.</param>
    /// <param name="seed">Decides everything.</param>
    /// <param name="tokenizerFolder">Gets the vocabulary, trained on the forms and prompts of the train world.</param>
    public static PreferenceTask Make(int trainPairs, int heldOutPairs, Seed seed, string tokenizerFolder)
    {
        var people = PeopleOf(WorldSplit.Train, seed);
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = Vocabulary });
        foreach (var person in people)
        {
            trainer.Add(string.Concat(Prompt(person, people[0], isReversed: false).Select(segment => segment.Text)) + Form(person));
        }

        var tokenizer = trainer.Write(tokenizerFolder);
        return new PreferenceTask(
            tokenizer,
            Pairs("t", people, tokenizer, trainPairs, seed.Derive("train").ToRandom()),
            Pairs("h", PeopleOf(WorldSplit.Test, seed), tokenizer, heldOutPairs, seed.Derive("held-out").ToRandom()));
    }

    /// <summary>The train pairs with the sides of half of them exchanged at random: nothing is left to learn.</summary>
    public IReadOnlyList<PreferencePair> Shuffled(Seed seed)
    {
        var random = seed.Derive("labels").ToRandom();
        return [.. Train.Select(pair => random.Next(2) == 0 ? pair : pair with { Chosen = pair.Rejected, Rejected = pair.Chosen })];
    }

    /// <summary>Demonstrations of both forms for every train prompt, so that a model learns to write them and prefers neither.</summary>
    public IEnumerable<Demonstration> Demonstrations() =>
        from pair in Train
        from side in new[] { ("c", pair.Chosen), ("r", pair.Rejected) }
        select new Demonstration($"{pair.Id}{side.Item1}", pair.QuestionId, pair.Question, PromptStyle.Question, [.. pair.Prompt, .. side.Item2], "");

    private static Person[] PeopleOf(WorldSplit split, Seed seed)
    {
        var facts = new WorldGenerator(new WorldOptions { Split = split, Documents = Documents, Questions = 1 }).Generate(seed.Derive("world")).Triplets;
        var deaths = facts.Where(fact => fact.Relation == "date of death").ToDictionary(fact => fact.Head, fact => fact.Tail, StringComparer.Ordinal);
        return [.. from fact in facts where fact.Relation == "date of birth" && deaths.ContainsKey(fact.Head) select new Person(fact.Head, fact.Tail, deaths[fact.Head])];
    }

    private static List<PreferencePair> Pairs(string id, Person[] people, ModelTokenizer tokenizer, int count, Random random)
    {
        var equallyLong = people.GroupBy(person => tokenizer.Encode(Form(person)).Count).OrderBy(group => group.Key).Select(group => group.ToArray()).Where(group => group.Length > 1).ToArray();
        var (pairs, seen) = (new List<PreferencePair>(count), new HashSet<(string, string)>());
        while (pairs.Count < count)
        {
            var before = pairs.Count;
            foreach (var group in equallyLong)
            {
                random.Shuffle(group);
                for (var at = 0; at + 1 < group.Length && pairs.Count < count; at += 2)
                {
                    var (one, other) = (group[at], group[at + 1]);
                    if (seen.Add((one.Name, other.Name)) && seen.Add((other.Name, one.Name)) && Fits(tokenizer, one, other))
                    {
                        pairs.AddRange(Twins(id, pairs.Count, one, other, random));
                    }
                }
            }

            if (pairs.Count == before)
            {
                throw new InvalidOperationException($"{people.Length} people give {pairs.Count} pairs, not {count}");
            }
        }

        return pairs;
    }

    private static IEnumerable<PreferencePair> Twins(string id, int number, Person one, Person other, Random random)
    {
        foreach (var (known, unknown) in new[] { (one, other), (other, one) })
        {
            var name = FormattableString.Invariant($"{id}{number++}");
            yield return new PreferencePair(
                name, name, "Who was born first?", Prompt(known, unknown, random.Next(2) == 0), [new Segment(2, Author.Policy, Form(unknown))], [new Segment(2, Author.Policy, Form(known))])
            {
                Reason = "asks for the birth that is not yet known",
            };
        }
    }

    private static bool Fits(ModelTokenizer tokenizer, Person one, Person other) =>
        new[] { (one, other), (other, one) }.All(pair => Prompt(pair.Item1, pair.Item2, isReversed: false).Sum(segment => tokenizer.Encode(segment.Text).Count) <= MostPromptTokens);

    private static Segment[] Prompt(Person known, Person unknown, bool isReversed)
    {
        var (birth, death) = ($"Born {known.Name} in {known.Birth}.\n", $"Died {unknown.Name} in {unknown.Death}.\n");
        return
        [
            new Segment(0, Author.Prompt, "Question: Who was born first?\n"),
            new Segment(1, Author.Tool, $"<Reference>\n{(isReversed ? death + birth : birth + death)}</Reference>\n"),
        ];
    }

    private static string Form(Person person) => ProtocolText.RenderStep(2, [person.Name], $"When was {person.Name} born?");

    private sealed record Person(string Name, string Birth, string Death);
}
