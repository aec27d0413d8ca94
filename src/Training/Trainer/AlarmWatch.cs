using System.Numerics;

namespace Agentic.Training;

/// <summary>What the alarms remember between updates; part of a checkpoint, so that a run that goes on rings when an undisturbed one would.</summary>
internal sealed record AlarmState
{
    /// <summary>Metrics of the run's first updates, as many as a window has.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, double>> First { get; init; } = [];

    /// <summary>Metrics of its latest, oldest first.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, double>> Latest { get; init; } = [];

    /// <summary>Alarms that ring now.</summary>
    public Alarms Ringing { get; init; }
}

/// <summary>Compares moving means of a run's metrics with their limits.</summary>
internal sealed class AlarmWatch(AlarmOptions options)
{
    private const string Chosen = "logps/chosen_token";
    private const string Margin = "rewards/margins";
    private const string Accuracy = "rewards/accuracies";
    private const string Length = "length_bias";
    private const string Kl = "kl_token";

    private static readonly string[] Watched = [Chosen, Margin, Accuracy, Length, Kl];

    /// <summary>The state after one more update. Metrics that an objective does not give ring nothing.</summary>
    public AlarmState After(AlarmState state, IReadOnlyDictionary<string, double> metrics)
    {
        var reading = metrics.Where(metric => Watched.Contains(metric.Key)).ToDictionary(StringComparer.Ordinal);
        if (reading.Count == 0)
        {
            return state;
        }

        var next = state with
        {
            First = state.First.Count < options.Window ? [.. state.First, reading] : state.First,
            Latest = [.. state.Latest.TakeLast(options.Window - 1), reading],
        };
        return next with { Ringing = next.Latest.Count < options.Window ? Alarms.None : Ringing(next) };
    }

    /// <summary>The alarms of a set one by one.</summary>
    public static IEnumerable<Alarms> Single(Alarms alarms) => Enum.GetValues<Alarms>().Where(alarm => BitOperations.IsPow2((int)alarm) && alarms.HasFlag(alarm));

    private Alarms Ringing(AlarmState state)
    {
        double? Now(string name) => Mean(state.Latest, name);
        double? Risen(string name) => Mean(state.Latest, name) - Mean(state.First, name);
        var alarms = Alarms.None;
        alarms |= Risen(Chosen) < -options.ChosenFall ? Alarms.ChosenFall : 0;
        alarms |= Risen(Margin) > options.MarginRise && Risen(Accuracy) <= options.AccuracyRise && Now(Accuracy) < options.Accurate ? Alarms.MarginWithoutAccuracy : 0;
        alarms |= Now(Length) is { } bias && Math.Abs(bias) > options.LengthBias ? Alarms.LengthBias : 0;
        alarms |= Now(Kl) > options.Kl ? Alarms.KlRunaway : 0;
        return alarms;
    }

    /// <summary>One sentence on an alarm that rings, with its number and its limit.</summary>
    public string Describe(Alarms alarm, AlarmState state) => alarm switch
    {
        Alarms.ChosenFall => FormattableString.Invariant(
            $"the chosen side becomes unlikely: {Chosen} fell from {Mean(state.First, Chosen):0.###} to {Mean(state.Latest, Chosen):0.###} (limit {options.ChosenFall:0.###}); add an NLL term (dpo-nll), or lower the learning rate"),
        Alarms.MarginWithoutAccuracy => FormattableString.Invariant(
            $"margins grow and accuracy does not: {Margin} rose to {Mean(state.Latest, Margin):0.###} while {Accuracy} is {Mean(state.Latest, Accuracy):0.###}; pairs that are right already are pushed further"),
        Alarms.LengthBias => FormattableString.Invariant(
            $"length decides: {Length} is {Mean(state.Latest, Length):0.###} (limit {options.LengthBias:0.###}); use a length-normalised objective, or balance the pairs"),
        Alarms.KlRunaway => FormattableString.Invariant(
            $"the policy runs away from the reference: {Kl} is {Mean(state.Latest, Kl):0.###} nats a token (limit {options.Kl:0.###}); raise beta, or lower the learning rate"),
        _ => throw new ArgumentOutOfRangeException(nameof(alarm)),
    };

    private static double? Mean(IReadOnlyList<IReadOnlyDictionary<string, double>> readings, string name) =>
        readings.Count > 0 && readings.All(reading => reading.ContainsKey(name)) ? readings.Average(reading => reading[name]) : null;
}

/// <summary>An alarm that was to end the run did; what was trained is in its newest checkpoint.</summary>
/// <param name="reason">Which alarm rings, and why.</param>
public sealed class AlarmException(string reason) : Retrieval.AgenticException(reason);
