using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary>From the kind and the parameters of a case, under the names of case files, to the objective.</summary>
/// <remarks>A parameter is the option of the same name in snake_case, except for those below; an objective that keeps to that takes no change here.</remarks>
internal sealed class ObjectiveCaseReader
{
    private static readonly Dictionary<string, string> ParameterNames = new(StringComparer.Ordinal)
    {
        ["labelSmoothing"] = "eps", ["lambda"] = "lam", ["desirableWeight"] = "w_d", ["undesirableWeight"] = "w_u",
    };

    /// <summary>Parameters that are statistics of the update and no options.</summary>
    private static readonly Dictionary<string, string> Statistics = new(StringComparer.Ordinal) { ["kl_raw"] = "kl" };

    /// <summary>Objectives that a mixture's weights call by another name: <c>w_nll</c>.</summary>
    private static readonly Dictionary<string, string> PartNames = new(StringComparer.Ordinal) { ["nll"] = "sft", ["bco"] = "bco-pair" };

    private const string Weight = "w_";

    private static readonly IReadOnlyDictionary<string, Type> Kinds = OptionKinds.Of(typeof(ObjectiveOptions));

    private readonly List<string> _problems = [];

    /// <summary>A case with its objective; null when this program does not have its kind.</summary>
    public sealed record Known(ObjectiveCase Case, IObjective? Objective, IReadOnlyDictionary<string, double>? Statistics);

    /// <summary>All cases in their order.</summary>
    /// <exception cref="OptionsException">Lists every unknown parameter and every value that an option refuses.</exception>
    public static IReadOnlyList<Known> Read(IEnumerable<ObjectiveCase> cases)
    {
        var reader = new ObjectiveCaseReader();
        var known = cases.Select(reader.Read).ToList();
        return reader._problems.Count == 0 ? known : throw new OptionsException("cases", reader._problems);
    }

    private Known Read(ObjectiveCase one)
    {
        if (!Kinds.TryGetValue(one.Kind, out var type))
        {
            return new Known(one, null, null);
        }

        var given = one.Parameters.ValueKind == JsonValueKind.Object
            ? one.Parameters.EnumerateObject().Where(parameter => parameter.Value.ValueKind != JsonValueKind.Null).ToList()
            : [];
        var statistics = new Dictionary<string, double>(StringComparer.Ordinal);
        if (typeof(IUpdateStatistics).IsAssignableFrom(((ObjectiveOptions)Activator.CreateInstance(type)!).Build().GetType()))
        {
            foreach (var parameter in given.Where(parameter => Statistics.ContainsKey(parameter.Name)).ToList())
            {
                given.Remove(parameter);
                if (Value(one, parameter, typeof(double)) is double value)
                {
                    statistics.Add(Statistics[parameter.Name], value);
                }
            }
        }

        var options = type == typeof(MixtureOptions) ? Mixture(one, given) : Single(one, type, given);
        return new Known(one, options is null ? null : Built(one, options), statistics.Count == 0 ? null : statistics);
    }

    private ObjectiveOptions? Single(ObjectiveCase one, Type type, IReadOnlyList<JsonProperty> given)
    {
        var names = Names(type);
        foreach (var parameter in given.Where(parameter => !names.ContainsKey(parameter.Name)))
        {
            Unknown(one, parameter.Name, [.. names.Keys]);
        }

        var json = new JsonObject { [OptionsJson.KindKey] = OptionKinds.Name(type, typeof(ObjectiveOptions)) };
        foreach (var parameter in given.Where(parameter => names.ContainsKey(parameter.Name)))
        {
            var (key, valueType) = names[parameter.Name];
            if (Value(one, parameter, valueType) is not null)
            {
                json[key] = JsonNode.Parse(parameter.Value.GetRawText());
            }
        }

        return json.Deserialize<ObjectiveOptions>(OptionsJson.Serializer);
    }

    /// <summary><c>w_x</c> is the weight of x; every other parameter goes to all parts that have it.</summary>
    private MixtureOptions Mixture(ObjectiveCase one, IReadOnlyList<JsonProperty> given)
    {
        var shared = given.Where(parameter => !parameter.Name.StartsWith(Weight, StringComparison.Ordinal)).ToList();
        var unused = shared.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        var (parts, known) = (new List<MixturePart>(), new List<string>());
        foreach (var parameter in given.Except(shared))
        {
            var name = parameter.Name[Weight.Length..];
            if (!Kinds.TryGetValue(PartNames.GetValueOrDefault(name, name.Replace('_', '-')), out var type) || type == typeof(MixtureOptions))
            {
                Unknown(one, parameter.Name, [.. PartNames.Keys.Concat(Kinds.Keys).Select(kind => Weight + kind.Replace('-', '_'))]);
                continue;
            }

            var names = Names(type);
            known.AddRange(names.Keys);
            unused.ExceptWith(names.Keys);
            if (Value(one, parameter, typeof(double)) is double weight && Single(one, type, [.. shared.Where(option => names.ContainsKey(option.Name))]) is { } objective)
            {
                parts.Add(new MixturePart { Weight = weight, Objective = objective });
            }
        }

        foreach (var name in unused.Order(StringComparer.Ordinal))
        {
            Unknown(one, name, known);
        }

        return new MixtureOptions { Parts = parts };
    }

    private IObjective? Built(ObjectiveCase one, ObjectiveOptions options)
    {
        try
        {
            return options.Build();
        }
        catch (OptionsException exception)
        {
            _problems.AddRange(exception.Problems.Select(problem => $"case {one.Id}: {problem}"));
            return null;
        }
    }

    private object? Value(ObjectiveCase one, JsonProperty parameter, Type type)
    {
        try
        {
            return parameter.Value.Deserialize(type, OptionsJson.Serializer);
        }
        catch (JsonException)
        {
            _problems.Add($"case {one.Id}: {parameter.Name} must be {OptionsShape.Describe(type)}, not {parameter.Value.GetRawText()}");
            return null;
        }
    }

    private void Unknown(ObjectiveCase one, string name, IReadOnlyCollection<string> known) =>
        _problems.Add($"case {one.Id}: {one.Kind} has no parameter '{name}'{NearestName.Hint(name, [.. known.Distinct()])}");

    private static Dictionary<string, (string Key, Type Type)> Names(Type options) => OptionsShape.Members(options)
        .ToDictionary(member => ParameterNames.GetValueOrDefault(member.Key, JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Key)), member => (member.Key, member.Value.PropertyType), StringComparer.Ordinal);
}
