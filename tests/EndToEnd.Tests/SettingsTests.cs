using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Agentic.Cli;
using Agentic.Retrieval;

namespace Agentic.EndToEnd.Tests;

public abstract record EngineOptions;

public sealed record PetrolEngineOptions : EngineOptions
{
    [Range(1, 12)] public int Cylinders { get; init; } = 4;
}

public sealed record HighVoltageEngineOptions : EngineOptions
{
    [Range(0.0, 1.0)] public double Charge { get; init; } = 0.5;
}

public enum PaintFinish
{
    Matt,
    HighGloss,
}

internal sealed record PaintOptions
{
    public PaintFinish Finish { get; init; }

    public IReadOnlyList<string> Coats { get; init; } = ["red"];

    public int? Layers { get; init; }
}

internal sealed record TrailerOptions
{
    [Range(0.0, 9.0)] public double Load { get; init; } = 1;

    public EngineOptions Engine { get; init; } = new HighVoltageEngineOptions();
}

internal sealed record CarSettings
{
    public IReadOnlyList<TrailerOptions> Trailers { get; init; } = [];

    public EngineOptions Engine { get; init; } = new PetrolEngineOptions();

    public PaintOptions Paint { get; init; } = new();

    public bool Roof { get; init; } = true;
}

public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentic-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Nothing_set_means_every_default()
    {
        Assert.Equal(new CarSettings().Engine, Load().Engine);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_the_environment_over_the_file()
    {
        var file = """{ "engine": { "kind": "petrol", "cylinders": 6 }, "roof": false, "paint": { "layers": 2 } }""";

        var settings = Load(file, [("AGENTIC__ENGINE__CYLINDERS", "8"), ("AGENTIC__paint__layers", "3")], [new("--set", "engine.cylinders", "10")]);

        Assert.Equal(new PetrolEngineOptions { Cylinders = 10 }, settings.Engine);
        Assert.Equal(3, settings.Paint.Layers);
        Assert.False(settings.Roof);
    }

    [Fact]
    public void Another_kind_drops_the_keys_of_the_former_one()
    {
        var file = """{ "engine": { "kind": "petrol", "cylinders": 6 } }""";

        var settings = Load(file, [], [new("--set", "engine.charge", "0.25"), new("--engine", "engine.kind", "high-voltage")]);

        Assert.Equal(new HighVoltageEngineOptions { Charge = 0.25 }, settings.Engine);
    }

    [Fact]
    public void Texts_become_what_the_record_wants()
    {
        var settings = Load(null, [], [new("--set", "paint.finish", "high-gloss"), new("--set", "paint.coats", "blue, green"), new("--set", "roof", "false")]);

        Assert.Equal(PaintFinish.HighGloss, settings.Paint.Finish);
        Assert.Equal(["blue", "green"], settings.Paint.Coats);
        Assert.False(settings.Roof);
    }

    [Fact]
    public void All_problems_are_told_at_once_with_their_source_and_the_nearest_name()
    {
        var file = """{ "engin": {}, "engine": { "cylindres": 3 }, "paint": { "finish": "mat", "layers": "two" }, "roof": 1 }""";

        var problems = Assert.Throws<OptionsException>(() => Load(file, [("AGENTIC__ENGINE__CYLINDERS", "13")], [])).Problems;

        Assert.Equal(
            [
                "agentic.json: engin: unknown key; did you mean 'engine'?",
                "agentic.json: engine.cylindres: unknown key; did you mean 'cylinders'?",
                "AGENTIC__ENGINE__CYLINDERS: engine.cylinders: must be between 1 and 12, not 13",
                "agentic.json: paint.finish: must be one of matt, high-gloss, not \"mat\"; did you mean 'matt'?",
                "agentic.json: paint.layers: must be a whole number, not \"two\"",
                "agentic.json: roof: must be true or false, not 1",
            ],
            problems);
    }

    [Fact]
    public void A_list_of_sections_is_checked_like_sections()
    {
        var file = """{ "trailers": [{ "engine": { "kind": "petrl" } }, { "laod": 3, "load": 10, "engine": { "cylinders": 3 } }, 4] }""";

        var problems = Assert.Throws<OptionsException>(() => Load(file, [], [])).Problems;

        Assert.Equal(
            [
                "agentic.json: trailers[0].engine.kind: unknown kind \"petrl\"; did you mean 'petrol'?",
                "agentic.json: trailers[1].laod: unknown key; did you mean 'load'?",
                "agentic.json: trailers[1].load: must be between 0 and 9, not 10",
                "agentic.json: trailers[1].engine.cylinders: unknown key; known are charge, kind",
                "agentic.json: trailers[2]: is a section: write { ... }, like { \"load\": ... }",
            ],
            problems);
    }

    [Fact]
    public void A_list_of_sections_takes_what_is_given_and_the_defaults_of_the_rest()
    {
        var settings = Load(null, [], [new("--set", "trailers", """[{"load": 2}, {"engine": {"charge": 0.25}}]""")]);

        Assert.Equal([new TrailerOptions { Load = 2 }, new TrailerOptions { Engine = new HighVoltageEngineOptions { Charge = 0.25 } }], settings.Trailers);
    }

    [Theory]
    [InlineData("""{ "engine": { "kind": "petrl" } }""", "unknown kind \"petrl\"; did you mean 'petrol'?")]
    [InlineData("""{ "engine": 3 }""", "engine: is a section")]
    [InlineData("""{ "roof": true, "roof": false }""", "Duplicate property 'roof'")]
    [InlineData("""[1]""", "one JSON object")]
    [InlineData("""{ "roof": tru }""", "not valid JSON")]
    [InlineData("""{ "roof": null }""", "must be true or false, not null")]
    public void A_broken_file_is_refused(string file, string message)
    {
        var refusal = Assert.ThrowsAny<AgenticException>(() => Load(file, [], []));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_and_a_schema_reference_are_welcome_in_the_file()
    {
        Assert.False(Load("""{ "$schema": "agentic.schema.json", /* open */ "roof": false, }""").Roof);
    }

    [Fact]
    public void The_schema_knows_kinds_bounds_and_defaults()
    {
        var schema = SettingsSchema.Of(typeof(CarSettings));

        var petrol = schema["properties"]!["engine"]!["oneOf"]!.AsArray().Single(kind => (string?)kind!["properties"]!["kind"]!["const"] == "petrol")!;
        Assert.Equal("""{"type":"integer","minimum":1,"maximum":12,"default":4}""", petrol["properties"]!["cylinders"]!.ToJsonString());
        Assert.Equal(JsonValueKind.False, schema["additionalProperties"]!.GetValueKind());
    }

    private CarSettings Load(string? file = null, (string Name, string Value)[]? environment = null, Assignment[]? assignments = null)
    {
        if (file is not null)
        {
            File.WriteAllText(Path.Combine(_folder, "agentic.json"), file);
        }

        var terminal = new Terminal
        {
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            WorkingFolder = _folder,
            Environment = (environment ?? []).ToDictionary(entry => entry.Name, entry => entry.Value),
        };
        return SettingsLoader.Load<CarSettings>(terminal, null, assignments ?? []).Settings;
    }
}
