using System.Runtime.CompilerServices;
using TorchSharp;

namespace Agentic.Training.Tests;

/// <summary>Loads the native part before the first test touches a tensor, with one thread: the tests run side by side, and waiting threads of libtorch would take their cores.</summary>
internal static class TorchSetup
{
    [ModuleInitializer]
    internal static void Load()
    {
        TorchNative.EnsureLoaded();
        torch.set_num_threads(1);
    }
}
