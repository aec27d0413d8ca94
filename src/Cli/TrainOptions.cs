using System.CommandLine;

namespace Agentic.Cli;

/// <summary>Options of the commands that train.</summary>
internal static class TrainOptions
{
    public static Option<string> Model(string description) => new("--model") { Description = description, HelpName = "DIR", Required = true };

    public static Option<string> Data(string description) => new("--data") { Description = description, HelpName = "FILE", Required = true };

    public static Option<string?> HeldOut() => new("--eval-data") { Description = "Rows whose loss is measured at every checkpoint, and by which the best one is kept.", HelpName = "FILE" };

    public static Option<string> Output() => new("--out") { Description = "Folder of the run and of the final model; the same command goes on with it.", HelpName = "DIR", Required = true };

    public static Option<bool> Force() => new("--force") { Description = "Start the run in --out over." };

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Say what would be done, with one row and its mask, and do nothing." };

    /// <summary>Section of the settings with the options of supervised training.</summary>
    public const string Supervised = "training";

    /// <summary>Section of the settings with the options of training on pairs.</summary>
    public const string Preference = "preference.training";

    public static AliasOption Updates(string section) => new("--updates", section + ".updates", "Number of updates; without it, epochs decide.", "N");

    public static AliasOption CheckpointUpdates(string section) => new("--checkpoint-updates", section + ".checkpointUpdates", "Updates between checkpoints.", "N");

    public static AliasOption Seed(string section) => new("--seed", section + ".seed", "Root of the order of the data.", "N");

    public static AliasOption Optimizer(string section) =>
        new("--optimizer", section + ".optimizer.kind", "What changes the weights.", string.Join('|', OptionKinds.Of(typeof(Training.OptimizerOptions)).Keys));
}
