using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary>One run of one command: what was typed, the settings, and where to report.</summary>
internal sealed class Run(Terminal terminal, ParseResult typed, CancellationToken cancellationToken)
{
    /// <summary>How results are written: snake_case, readable as they are.</summary>
    public static JsonSerializerOptions ReportJson { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private (Settings Settings, SettingsTree Tree)? _loaded;

    public Terminal Terminal => terminal;

    public CancellationToken Cancelled => cancellationToken;

    /// <summary>True when a program reads standard output.</summary>
    public bool IsJson => typed.GetValue(CommonOptions.Json);

    /// <summary>File, environment and command line put together and checked.</summary>
    public Settings Settings => Loaded.Settings;

    /// <summary>The same as a tree with the source of each value.</summary>
    public SettingsTree SettingsTree => Loaded.Tree;

    /// <summary>The settings with one value that the command itself fixes.</summary>
    public Settings SettingsWith(Assignment fixedValue) =>
        SettingsLoader.Load<Settings>(terminal, typed.GetValue(CommonOptions.Config), [.. CommonOptions.Assignments(typed), fixedValue]).Settings;

    /// <summary>The settings for the local policy of a model, whatever policy they name: with the defaults that belong to the model.</summary>
    public Settings SettingsFor(string model)
    {
        var file = typed.GetValue(CommonOptions.Config);
        Assignment[] assignments = [.. CommonOptions.Assignments(typed), new("--eval-index", "policy.kind", "local"), new("--eval-index", "policy.model", model)];
        var settings = SettingsLoader.Load<Settings>(terminal, file, assignments).Settings;
        return SettingsLoader.Load<Settings>(terminal, file, assignments, ModelDefaults.Of(settings)).Settings;
    }

    private (Settings Settings, SettingsTree Tree) Loaded => _loaded ??= Load();

    // A model may have defaults of its own, which are known once the settings say which model.
    private (Settings Settings, SettingsTree Tree) Load()
    {
        var (file, assignments) = (typed.GetValue(CommonOptions.Config), CommonOptions.Assignments(typed).ToList());
        var loaded = SettingsLoader.Load<Settings>(terminal, file, assignments);
        var beneath = ModelDefaults.Of(loaded.Settings);
        return beneath.Count == 0 ? loaded : SettingsLoader.Load<Settings>(terminal, file, assignments, beneath);
    }

    public T? Get<T>(Option<T> option) => typed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => typed.GetValue(argument);

    /// <summary>Reports a result: with <c>--json</c> as one object with snake_case keys and nothing else, otherwise for people.</summary>
    public void Report(object result, Action<IAnsiConsole> forPeople)
    {
        if (IsJson)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(result, ReportJson));
        }
        else
        {
            forPeople(terminal.Console());
        }
    }

    /// <summary>A line on standard error: progress and warnings never mix with results.</summary>
    public void Note(string line) => terminal.Error.WriteLine(line);
}
