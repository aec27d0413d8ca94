using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Understands a question as a plan: names with chains of relations, then the kind of question. General English, no templates.</summary>
/// <remarks>Total: what is not understood becomes a <see cref="SymbolicPlan.General"/> plan.</remarks>
internal sealed class QuestionParser
{
    private const int MostUnused = 1;
    private readonly IReadOnlyList<QuestionItem> _items;
    private readonly bool[] _used;

    private QuestionParser(IReadOnlyList<QuestionItem> items)
    {
        _items = items;
        _used = new bool[items.Count];
    }

    public static SymbolicPlan Parse(string question, IEntityLinker linker)
    {
        var parser = new QuestionParser(QuestionItems.Of(question, linker));
        return parser.Plan();
    }

    private SymbolicPlan Plan()
    {
        var names = Enumerable.Range(0, _items.Count).Where(i => _items[i].Name).ToArray();
        var asked = QuestionFocus.Read(_items, _used);
        if (names.Length >= 2 && Pair(names, asked) is { } pair)
        {
            return pair;
        }

        var nested = Nested(asked);
        return (Chain(names, asked) is { } chain && !(nested?.Leg.Chains[0].Count > chain.Leg.Chains[0].Count) ? chain : nested) ?? (SymbolicPlan)new SymbolicPlan.General([.. names.Select(i => _items[i].Text)]);
    }

    private SymbolicPlan.Chain? Nested(QuestionFocus asked) => (asked.Kind.Length > 0 || !QuestionFocus.IsYesNo(_items)) && NestedQuestion.Read(_items) is { } leg ? new SymbolicPlan.Chain(leg) : null;

    private SymbolicPlan? Pair(int[] names, QuestionFocus asked)
    {
        var (first, second) = (names[^2], names[^1]);
        var isChoice = Between(first, second, "or") || Between(first, second, "and") && _items.Any(item => item.IsWord && item.Text is "between" or "out");
        var isYesNo = asked.Kind.Length == 0 && QuestionFocus.IsYesNo(_items);
        if (!isChoice && Ordered(first, second, isYesNo && names.Length == 2) is { } plan)
        {
            return plan;
        }

        if (!isChoice && !(isYesNo && names.Length == 2 && (Between(first, second, "and") || Between(first, second, "as") || Between(first, second, "with"))))
        {
            return null;
        }

        var legs = (First: ReadLeg(first), Second: ReadLeg(second));
        var comparator = isChoice ? FindComparator() : -1;
        var sameRole = comparator < 0 ? SameRole() : -1;
        var shared = FreeRoles().Where(i => i != sameRole && !IsCounted(i, comparator) && (i == comparator + 1 || !IsSortOfName(i)) && !_items[i].Text.Equals(asked.Kind, StringComparison.Ordinal)).SelectMany(i => new[] { _items[i].Chains! }).ToArray();
        legs = Leg.Share(legs.First, legs.Second, shared);
        if (comparator >= 0)
        {
            return Comparison(legs, comparator);
        }

        if (isChoice)
        {
            return new SymbolicPlan.Choose(legs.First, legs.Second, Content());
        }

        return sameRole >= 0
            ? new SymbolicPlan.Same(legs.First, legs.Second, SharedRelation(sameRole))
            : new SymbolicPlan.Property(legs.First, legs.Second, Content());
    }

    // Legs are read on a copy: when the question is of another kind, nothing is taken.
    private SymbolicPlan? Ordered(int first, int second, bool isYesNo)
    {
        var reader = new QuestionParser(_items);
        var legs = (reader.ReadLeg(first), reader.ReadLeg(second));
        return isYesNo ? PairedQuestion.Order(_items, first, second, legs) : Between(first, second, "and") ? PairedQuestion.Shared(_items, first, second, legs) : null;
    }

    private SymbolicPlan.Compare Comparison((Leg First, Leg Second) legs, int at)
    {
        ComparisonLexicon.TryRead(_items[at].Text, out var comparator);
        if (at + 1 < _items.Count && _items[at + 1].IsRole && comparator.Relations.Contains("population"))
        {
            return new SymbolicPlan.Compare(legs.First, legs.Second, [_items[at + 1].Chains![0][^1]], comparator.Least, Count: true);
        }

        var verb = _items.Where(item => item.IsWord).Select(item => RelationLexicon.TryReadVerb("when", item.Text, out var relation) ? relation : null).FirstOrDefault(relation => relation is not null);
        var relations = comparator.Relations.Contains(ComparisonLexicon.LifeSpan) || verb is null
            ? comparator.Relations
            : [verb, .. comparator.Relations.Where(relation => relation != verb)];
        return new SymbolicPlan.Compare(legs.First, legs.Second, relations, comparator.Least, Count: false);
    }

    private SymbolicPlan.Chain? Chain(int[] names, QuestionFocus asked)
    {
        if (names.Length == 0)
        {
            return null;
        }

        var legs = names.Select(i => (Name: i, Leg: ReadLeg(i))).ToArray();
        var best = legs.OrderByDescending(pair => pair.Leg.Chains[0].Count).ThenByDescending(pair => pair.Name).First();
        _used[best.Name] = true;
        var leg = best.Leg;
        if (asked.Relation is { } relation && leg.Chains[0].LastOrDefault() != relation)
        {
            leg = leg.Then(relation).Within(asked.Kind);
        }
        else if (leg.Chains[0].Count == 0 && FreeRoles() is [var free, ..])
        {
            _used[free] = true;
            leg = leg with { Chains = _items[free].Chains! };
        }

        var unused = names.Count(i => !_used[i]) + FreeRoles().Count + Content().Count;
        return leg.Chains[0].Count == 0 || unused > MostUnused ? null : new SymbolicPlan.Chain(leg);
    }

    // Relations possessed by the name ("A's mother"), then those to its left ("the director of the film A").
    private Leg ReadLeg(int name)
    {
        var roles = new List<IReadOnlyList<IReadOnlyList<string>>>();
        for (var i = name + 1; i < _items.Count; i++)
        {
            if (_items[i].Possessed && _items[i].IsRole)
            {
                Take(i, roles);
            }
            else if (_items[i].Possessed && i + 1 < _items.Count && _items[i].IsWord && _items[i + 1].IsRole)
            {
                _used[i] = true;
                Take(++i, roles);
            }
            else
            {
                break;
            }
        }

        var left = InnerVerb(name, roles);
        for (var i = LeftRole(left); i >= 0; i = LeftRole(i))
        {
            Take(i, roles);
        }

        return new Leg(_items[name].Text, Leg.Combine(roles));
    }

    // "the man who directed E": the verb is the innermost role; returns the item before which outer roles stand.
    private int InnerVerb(int name, List<IReadOnlyList<IReadOnlyList<string>>> roles)
    {
        var verb = SkipSortNouns(name - 1, name);
        if (verb < 2 || !_items[verb].IsWord || !_items[verb - 1].IsWord || _items[verb - 1].Text is not ("who" or "that" or "which")
            || !RelationLexicon.TryReadVerb("who", _items[verb].Text, out var relation))
        {
            return name;
        }

        _used[verb] = true;
        roles.Add([[relation]]);
        if (_items[verb - 2].IsRole)
        {
            _used[verb - 2] = true;
            return verb - 2;
        }

        return verb - 1;
    }

    private int SkipSortNouns(int from, int at)
    {
        var i = from;
        if (i > 0 && _items[i].IsRole && _items[i - 1].IsWord && _items[i - 1].Text is "of" or "the" && at == from + 1)
        {
            // "the founder of university X": a noun of the sort, not a role of X.
            _used[i--] = true;
        }

        while (i >= 0 && at - i <= 4 && _items[i].IsWord && (_items[i].Text is "the" or "a" or "an" or "both" || QuestionItem.IsSortNoun(_items[i].Text) || IsModifierOfSort(i, at)))
        {
            i--;
        }

        return i;
    }

    // "poker" in "the poker player that wrote X".
    private bool IsModifierOfSort(int i, int at) =>
        i + 1 < at && _items[i + 1].IsWord && QuestionItem.IsSortNoun(_items[i + 1].Text) && !FunctionWords.Contains(_items[i].Text);

    private void Take(int item, List<IReadOnlyList<IReadOnlyList<string>>> roles)
    {
        _used[item] = true;
        roles.Add(_items[item].Chains ?? NestedQuestion.OfNoun(_items[item].Text));
    }

    // The role in "role of (the film)" before an item; -1 when there is none.
    private int LeftRole(int at)
    {
        var i = SkipSortNouns(at - 1, at);
        if (i > 2 && _items[i].Text is "of" or "for" && _items[i - 1].IsWord && NestedQuestion.IsTransparent(_items[i - 1].Text))
        {
            i = SkipSortNouns(i - 2, at);
        }

        if (i <= 0 || !_items[i].IsWord)
        {
            return -1;
        }

        return _items[i].Text is "of" or "for" or "to" && !_used[i - 1] && (_items[i - 1].IsRole || (_items[i].Text == "of" && _items[i - 1].IsOpenRole)) ? i - 1 : -1;
    }

    private List<int> FreeRoles() => [.. Enumerable.Range(0, _items.Count).Where(i => _items[i].IsRole && !_used[i])];

    // "the band X": the noun says what X is.
    private bool IsSortOfName(int role) => role + 1 < _items.Count && _items[role + 1].Name && !_items[role + 1].Possessed;

    // "more directors" counts them; "the older director" compares their ages.
    private bool IsCounted(int role, int comparator) =>
        comparator >= 0 && role == comparator + 1 && ComparisonLexicon.TryRead(_items[comparator].Text, out var counted) && counted.Relations.Contains("population");

    private int SameRole()
    {
        var same = Enumerable.Range(0, _items.Count).FirstOrDefault(i => _items[i].IsWord && _items[i].Text is "same" or "share" or "shared" or "common", -1);
        return same < 0 ? -1 : Enumerable.Range(0, _items.Count).Where(i => _items[i].IsRole && !_used[i] && (i > same || _items[i].Chains![0][^1] is "country" or "nationality")).LastOrDefault(-1);
    }

    // "born in the same city" asks for the place of birth, "from the same city" for the place itself.
    private string SharedRelation(int role)
    {
        var named = _items[role].Chains![0][^1];
        return RelationLexicon.KindOf(named) == ValueKind.Place && QuestionFocus.Verb(_items, _used, "where") is { } relation ? relation : named;
    }

    private int FindComparator() =>
        Enumerable.Range(0, _items.Count).LastOrDefault(i => _items[i].IsWord && ComparisonLexicon.TryRead(_items[i].Text, out _), -1);

    private bool Between(int first, int second, string word) =>
        Enumerable.Range(first + 1, second - first - 1).Any(i => _items[i].IsWord && _items[i].Text == word);

    /// <summary>Words that carry meaning and were not understood.</summary>
    private List<string> Content() =>
        [.. Enumerable.Range(0, _items.Count).Where(i => _items[i].IsWord && !_used[i] && !FunctionWords.Contains(_items[i].Text) && !QuestionItem.IsSortNoun(_items[i].Text) && !WordLists.Starters.Contains(_items[i].Text)).Select(i => _items[i].Text)];
}
